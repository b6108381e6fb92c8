#include <set>

#include "common/city_bundle/bundle_files.h"
#include "common/city_bundle/fields.h"

namespace siren {
namespace {

constexpr char kMetroFile[] = "metro.json";
constexpr std::uint32_t kMostOrder = 10'000;
constexpr double kDeepest = 500.0;  // the deepest station in the world lies at about 105 m

struct station {
  shelter place;
  metro_stop stop;
};

std::vector<entrance> entrances_of(nlohmann::json const& list, bundle_policy const& policy, json_fields& owner) {
  std::vector<entrance> entrances;
  if (list.size() > policy.max_entrances) owner.fail(reason::message_too_large, "too many entrances");
  for (auto const& item : list) {
    if (!owner.ok()) break;
    json_fields in{item};
    entrance e;
    e.name = in.text("name", false);
    e.place = in.place();
    e.step_free = in.flag("step_free", false);
    if (!in.ok()) owner.fail(in.error().why, "entrance: " + in.error().message);
    entrances.push_back(std::move(e));
  }
  return entrances;
}

/// Surface stations close in an alarm; the others shelter, with trains unless the file says otherwise.
void set_role(json_fields& in, shelter& s) {
  auto const named = in.text("role", false);
  auto const role = named.empty() ? metro_role::train : metro_role_named(named);
  if (!role || *role == metro_role::none) return in.fail(reason::malformed, "role is not a role of a station");
  s.role = s.surface ? metro_role::closed : *role;
  s.state = s.role == metro_role::closed ? open_state::closed : open_state::open;
}

result<station> station_of(nlohmann::json const& item, bundle_policy const& policy, lat_lon_box const& box) {
  json_fields in{item};
  station made;
  auto& s = made.place;
  s.id = shelter_id{in.id("id")};
  s.type = shelter_type::metro_station;
  s.name_uk = in.text("name_uk");
  s.name_en = in.text("name_en");
  s.place = in.place();
  s.surface = in.flag("surface", false);
  set_role(in, s);
  s.capacity = s.surface ? 0 : policy.metro_capacity;
  if (in.has("capacity")) s.capacity = in.whole_number("capacity", policy.max_capacity, reason::capacity_out_of_range);
  s.pets = in.flag("pets", true);
  if (in.has("entrances")) s.entrances = entrances_of(in.array("entrances"), policy, in);
  if (s.entrances.empty()) s.entrances.push_back({"", s.place, false});
  for (auto const& e : s.entrances) s.step_free = s.step_free || e.step_free;
  made.stop.station = s.id;
  made.stop.line = in.id("line");
  made.stop.order = in.whole_number("order", kMostOrder, reason::count_out_of_range);
  if (in.has("depth_m")) {
    auto const depth = in.number("depth_m");
    if (!(depth >= 0.0 && depth <= kDeepest)) in.fail(reason::malformed, "depth_m out of range");
    made.stop.depth = meters{depth};
  }
  if (in.ok() && !box.contains(s.place)) in.fail(reason::outside_theatre, "outside city_box");
  if (!in.ok()) return in.error();
  return made;
}

result<metro_line> line_of(nlohmann::json const& item) {
  json_fields in{item};
  metro_line line{in.id("id"), in.text("name_uk"), in.text("name_en")};
  if (!in.ok()) return in.error();
  return line;
}

}  // namespace

result<metro_network> read_metro(std::filesystem::path const& file, bundle_policy const& policy, lat_lon_box const& box,
                                 std::vector<bundle_reject>& rejects) {
  auto const text = read_whole_file(file, policy.max_file_bytes);
  if (!text) return text.error();
  auto const root = read_json_object(*text, kMetroFile);
  if (!root) return root.error();
  json_fields in{*root};
  auto const& lines = in.array("lines");
  auto const& stations = in.array("stations");
  if (!in.ok()) return failure{in.error().why, std::string{kMetroFile} + ": " + in.error().message};
  if (lines.size() > policy.max_stations || stations.size() > policy.max_stations) {
    return failure{reason::message_too_large, "metro.json has too many lines or stations"};
  }
  metro_network metro;
  std::set<std::string> known_lines;
  for (auto const& item : lines) {
    auto line = line_of(item);
    if (line && !known_lines.insert(line->id).second) line = failure{reason::duplicate, "line " + line->id + " again"};
    if (!line) {
      rejects.push_back({kMetroFile, 0, {line.error().why, "lines: " + line.error().message}});
    } else {
      metro.lines.push_back(std::move(*line));
    }
  }
  std::set<shelter_id> seen;
  std::set<std::pair<std::string, std::uint32_t>> stops;
  std::size_t row = 0;
  for (auto const& item : stations) {
    ++row;
    auto made = station_of(item, policy, box);
    if (made && !known_lines.contains(made->stop.line)) made = failure{reason::malformed, "line is not in lines"};
    if (made && seen.contains(made->place.id))
      made = failure{reason::duplicate, "id " + made->place.id.value + " again"};
    if (made && !stops.insert({made->stop.line, made->stop.order}).second) {
      made = failure{reason::duplicate, "order " + std::to_string(made->stop.order) + " again on its line"};
    }
    if (!made) {
      rejects.push_back({kMetroFile, row, made.error()});
      continue;
    }
    seen.insert(made->place.id);
    metro.stations.push_back(std::move(made->place));
    metro.stops.push_back(std::move(made->stop));
    metro.rows.push_back(row);
  }
  return metro;
}

}  // namespace siren
