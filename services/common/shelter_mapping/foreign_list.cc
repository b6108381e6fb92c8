#include "common/shelter_mapping/foreign_list.h"

#include <nlohmann/json.hpp>

#include "common/city_bundle/csv.h"

namespace siren {
namespace {

std::string tidied(std::string const& raw, std::set<std::string> const& null_texts) {
  std::string text;
  for (char const c : raw) {
    bool const blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      text.push_back(c);
    } else if (!text.empty() && text.back() != ' ') {
      text.push_back(' ');
    }
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return null_texts.contains(text) ? std::string{} : text;
}

result<foreign_list> of_csv(std::string const& text, shelter_mapping const& by) {
  auto const table = parse_csv(text);
  if (!table) return table.error();
  foreign_list list;
  list.header.insert(table->header.begin(), table->header.end());
  for (auto const& bad : table->rejects) list.rejects.push_back({bad.line, "", bad.because});
  for (auto const& row : table->rows) {
    foreign_record record{row.line, {}};
    for (std::size_t i = 0; i < row.fields.size(); ++i)
      record.columns[table->header[i]] = tidied(row.fields[i], by.null_texts);
    list.records.push_back(std::move(record));
  }
  return list;
}

class json_list {
 public:
  explicit json_list(shelter_mapping const& by) : by_{by} {}

  /// Records of one more list; its members are rejected unless they are objects.
  result<void> add(nlohmann::json const& items, nlohmann::json const& group) {
    for (auto const& item : items) {
      if (++count_ > csv_limits{}.max_rows)
        return failure{reason::message_too_large, "more than " + std::to_string(csv_limits{}.max_rows) + " records"};
      if (!item.is_object()) {
        list_.rejects.push_back({count_, "", {reason::malformed, "the record is no JSON object"}});
        continue;
      }
      foreign_record record{count_, {}};
      take(by_.format == list_format::geojson ? item.value("properties", nlohmann::json::object()) : item, "", record);
      take(group, "group.", record);
      if (by_.format == list_format::geojson) take_point(item, record);
      list_.records.push_back(std::move(record));
    }
    return {};
  }

  foreign_list done() { return std::move(list_); }

 private:
  void take(nlohmann::json const& members, std::string const& prefix, foreign_record& into) const {
    if (!members.is_object()) return;
    for (auto const& [key, value] : members.items()) {
      if (value.is_string()) {
        into.columns[prefix + key] = tidied(value.get<std::string>(), by_.null_texts);
      } else if (value.is_number() || value.is_boolean()) {
        into.columns[prefix + key] = value.dump();
      }
    }
  }

  static void take_point(nlohmann::json const& feature, foreign_record& into) {
    auto const geometry = feature.find("geometry");
    if (geometry == feature.end() || !geometry->is_object()) return;
    auto const type = geometry->find("type");
    auto const at = geometry->find("coordinates");
    if (type == geometry->end() || *type != "Point" || at == geometry->end() || !at->is_array()) return;
    if (at->size() < 2 || !(*at)[0].is_number() || !(*at)[1].is_number()) return;
    into.columns["lon"] = (*at)[0].dump();
    into.columns["lat"] = (*at)[1].dump();
  }

  shelter_mapping const& by_;
  std::size_t count_ = 0;
  foreign_list list_;
};

result<foreign_list> of_json(std::string const& text, shelter_mapping const& by) {
  auto const root = nlohmann::json::parse(text, nullptr, false);
  if (root.is_discarded()) return failure{reason::malformed, "the list is not JSON"};
  json_list all{by};
  if (by.format == list_format::geojson) {
    if (!root.is_object() || !root.contains("features") || !root["features"].is_array())
      return failure{reason::malformed, "the GeoJSON is no FeatureCollection"};
    if (auto const added = all.add(root["features"], {}); !added) return added.error();
    return all.done();
  }
  if (!root.is_array()) return failure{reason::malformed, "not a JSON list"};
  if (by.records.empty()) {
    if (auto const added = all.add(root, {}); !added) return added.error();
    return all.done();
  }
  for (auto const& group : root) {
    if (!group.is_object() || !group.contains(by.records) || !group[by.records].is_array())
      return failure{reason::malformed, "a group without a list \"" + by.records + "\""};
    if (auto const added = all.add(group[by.records], group); !added) return added.error();
  }
  return all.done();
}

}  // namespace

result<foreign_list> read_foreign_list(std::string const& text, shelter_mapping const& by) {
  return by.format == list_format::csv ? of_csv(text, by) : of_json(text, by);
}

}  // namespace siren
