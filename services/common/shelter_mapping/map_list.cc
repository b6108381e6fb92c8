#include <algorithm>

#include "common/city_bundle/city_bundle.h"
#include "common/city_bundle/fields.h"
#include "common/shelter_mapping/foreign_list.h"

namespace siren {
namespace {

std::string const kEmpty;

std::string const& column_of(foreign_record const& record, std::string const& name) {
  auto const found = record.columns.find(name);
  return found == record.columns.end() ? kEmpty : found->second;
}

/// Names in braces.
std::vector<std::string> columns_in(std::string const& text) {
  std::vector<std::string> names;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    auto const close = text.find('}', open);
    if (close == std::string::npos) break;
    names.push_back(text.substr(open + 1, close - open - 1));
  }
  return names;
}

std::string filled(std::string const& text, foreign_record const& record) {
  std::string made;
  std::size_t at = 0;
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', at)) {
    auto const close = text.find('}', open);
    if (close == std::string::npos) break;
    made += text.substr(at, open - at) + column_of(record, text.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return made + text.substr(at);
}

result<std::string> value_of(std::string const& field, field_rule const& rule, foreign_record const& record) {
  if (rule.column.empty()) return filled(rule.text, record);
  auto const& told = column_of(record, rule.column);
  if (told.empty()) return rule.empty.value_or("");
  if (rule.values.empty()) return told;
  if (auto const known = rule.values.find(told); known != rule.values.end()) return known->second;
  if (rule.otherwise) return *rule.otherwise;
  return failure{reason::malformed, field + ": the mapping does not know \"" + told + "\" in " + rule.column};
}

/// A record's fields as texts in our own words.
struct told_fields {
  std::vector<std::string> names;
  std::vector<std::string> texts;
};

result<told_fields> fields_of(foreign_record const& record, shelter_mapping const& by) {
  told_fields told;
  for (auto const& [field, rule] : by.fields) {
    auto text = value_of(field, rule, record);
    if (!text) return text.error();
    told.names.push_back(field);
    told.texts.push_back(std::move(*text));
  }
  return told;
}

void read_place(csv_fields& in, lat_lon_box const& box, shelter& s) {
  auto const quality = in.has("place") ? in.text("place") : std::string{"exact"};
  if (quality != "exact" && quality != "approximate" && quality != "none")
    return in.fail(reason::malformed, "place is not exact, approximate or none");
  if (quality == "none" || !in.has("lat") || !in.has("lon")) return in.fail(reason::missing_field, "no coordinates");
  s.place = in.place();
  if (!in.ok()) return;
  if (s.place == lat_lon{}) return in.fail(reason::missing_field, "no coordinates");
  if (!box.contains(s.place)) return in.fail(reason::outside_theatre, "the place is outside the city");
  s.place_doubtful = quality == "approximate";
}

/// A text in our own words, by `named`; an empty one leaves `to`.
template <typename Value, typename Named>
void read_word(csv_fields& in, char const* field, Named const& named, Value& to) {
  if (!in.has(field)) return;
  auto const word = in.text(field);
  auto const value = named(word);
  if (!value) return in.fail(reason::malformed, std::string{field} + ": \"" + word + "\" is not one of its values");
  to = *value;
}

void read_facts(csv_fields& in, shelter& s) {
  read_word(in, "state", open_state_named, s.state);
  read_word(in, "access", access_rule_named, s.access);
  read_word(in, "open_hours", daily_hours_of, s.open_hours);
  read_word(
      in, "verified_at",
      [](std::string const& text) -> std::optional<utc_time> {
        auto const at = parse_utc(text);
        return at ? std::optional{*at} : std::nullopt;
      },
      s.verified_at);
  auto const truth = [](std::string const& text) -> std::optional<bool> {
    if (text == "yes" || text == "true") return true;
    return text == "no" || text == "false" ? std::optional{false} : std::nullopt;
  };
  read_word(in, "step_free", truth, s.step_free);
  read_word(in, "pets", truth, s.pets);
  read_word(in, "power", truth, s.power);
  read_word(in, "heat", truth, s.heat);
  read_word(in, "water", truth, s.water);
  if (in.has("keyholder")) s.keyholder = in.text("keyholder");
  if (in.has("depth_m")) s.depth = meters{in.number("depth_m")};
  if (in.has("stairs")) s.stairs = in.whole_number("stairs", shelter_policy{}.max_stairs, reason::count_out_of_range);
}

result<shelter> shelter_of(foreign_record const& record, shelter_mapping const& by) {
  for (auto const& skip : by.skips)
    if (skip.values.contains(column_of(record, skip.column))) return failure{reason::duplicate, skip.because};
  auto const told = fields_of(record, by);
  if (!told) return told.error();
  csv_fields in{told->names, told->texts};
  shelter s;
  s.id = shelter_id{in.id("id")};
  read_word(in, "type", shelter_type_named, s.type);
  if (!in.has("type")) in.fail(reason::missing_field, "type missing");
  if (in.has("name_uk")) s.name_uk = in.text("name_uk");
  if (in.has("name_en")) s.name_en = in.text("name_en");
  if (s.name_uk.empty()) s.name_uk = s.name_en;
  if (s.name_en.empty()) s.name_en = s.name_uk;
  if (in.has("address")) s.address = in.text("address");
  read_place(in, by.box, s);
  if (in.has("capacity"))
    s.capacity = in.whole_number("capacity", shelter_policy{}.max_capacity, reason::capacity_out_of_range);
  if (s.capacity == 0) {
    s.capacity = by.assumed_capacity;
    s.capacity_assumed = s.capacity != 0;
  }
  read_facts(in, s);
  if (!in.ok()) return in.error();
  s.entrances.push_back({"", s.place, s.step_free});
  if (auto const fit = validate(s); !fit) return fit.error();
  return s;
}

/// The id as far as it can be read, for the report.
std::string id_in(foreign_record const& record, shelter_mapping const& by) {
  auto const text = value_of("id", by.fields.at("id"), record);
  return text ? *text : "";
}

result<void> check_columns(foreign_list const& list, shelter_mapping const& by) {
  if (by.format != list_format::csv) return {};
  auto const need = [&](std::string const& column) -> result<void> {
    if (column.empty() || list.header.contains(column)) return {};
    return failure{reason::schema_mismatch, "the list has no column \"" + column + "\", which mapping " + by.name +
                                                " needs; is it another list?"};
  };
  for (auto const& skip : by.skips)
    if (auto const there = need(skip.column); !there) return there;
  for (auto const& [field, rule] : by.fields) {
    if (auto const there = need(rule.column); !there) return there;
    for (auto const& column : columns_in(rule.text))
      if (auto const there = need(column); !there) return there;
  }
  return {};
}

}  // namespace

result<mapped_list> map_list(std::string const& text, shelter_mapping const& by) {
  auto list = read_foreign_list(text, by);
  if (!list) return list.error();
  if (auto const whole = check_columns(*list, by); !whole) return whole.error();
  mapped_list mapped;
  mapped.rows = list->records.size() + list->rejects.size();
  mapped.rejects = std::move(list->rejects);
  std::set<shelter_id> seen;
  for (auto const& record : list->records) {
    auto made = shelter_of(record, by);
    if (made && !seen.insert(made->id).second) made = failure{reason::duplicate, "id " + made->id.value + " again"};
    if (!made) {
      mapped.rejects.push_back({record.line, id_in(record, by), made.error()});
      continue;
    }
    mapped.shelters.push_back(std::move(*made));
    mapped.lines.push_back(record.line);
  }
  std::stable_sort(mapped.rejects.begin(), mapped.rejects.end(),
                   [](auto const& a, auto const& b) { return a.line < b.line; });
  return mapped;
}

}  // namespace siren
