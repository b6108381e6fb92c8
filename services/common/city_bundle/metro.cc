#include <set>

#include "common/city_bundle/bundle_files.h"
#include "common/city_bundle/fields.h"
#include "common/city_bundle/metro_lines.h"

namespace siren {
namespace {

constexpr char kMetroFile[] = "metro.json";
constexpr std::uint32_t kMostOrder = 10'000;

struct station {
  shelter place;
  listed_station listed;
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

/// Told in metres, or as what kind of station it is; absent: unknown.
std::optional<meters> depth_of(json_fields& in, bundle_policy const& policy) {
  if (in.has("depth_m")) return in.depth("depth_m", policy.max_depth);
  auto const type = in.text("depth_type", false);
  if (type == "deep") return policy.deep_station;
  if (type == "shallow") return policy.shallow_station;
  if (!type.empty()) in.fail(reason::malformed, "depth_type is not deep or shallow");
  return std::nullopt;
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
  s.depth = depth_of(in, policy);
  made.listed = {in.id("line"), 0, s.surface, s.place};
  made.listed.order = in.whole_number("order", kMostOrder, reason::count_out_of_range);
  if (in.ok() && !box.contains(s.place)) in.fail(reason::outside_theatre, "outside city_box");
  if (!in.ok()) return in.error();
  return made;
}

result<metro_line> line_of(nlohmann::json const& item) {
  json_fields in{item};
  metro_line line;
  line.id = metro_line_id{in.id("id")};
  line.name_uk = in.text("name_uk");
  line.name_en = in.text("name_en");
  if (!in.ok()) return in.error();
  return line;
}

void reject(reason why, std::string message, std::vector<bundle_reject>& rejects) {
  rejects.push_back({kMetroFile, 0, {why, std::move(message)}});
}

/// Line's place in the list by id; `network` gets the lines, still without stops.
std::map<std::string, std::size_t> read_lines(nlohmann::json const& lines, metro_network& network,
                                              std::vector<bundle_reject>& rejects) {
  std::map<std::string, std::size_t> known;
  std::size_t row = 0;
  for (auto const& item : lines) {
    auto line = line_of(item);
    if (line && !known.emplace(line->id.value, row).second)
      line = failure{reason::duplicate, "line " + line->id.value + " again"};
    ++row;
    if (line) {
      network.lines.push_back(std::move(*line));
    } else {
      reject(line.error().why, "lines: " + line.error().message, rejects);
    }
  }
  return known;
}

listed_stations read_stations(nlohmann::json const& stations, std::map<std::string, std::size_t> const& known_lines,
                              bundle_policy const& policy, lat_lon_box const& box, metro_list& metro,
                              std::vector<bundle_reject>& rejects) {
  listed_stations seen;
  std::set<std::pair<std::string, std::uint32_t>> orders;
  std::size_t row = 0;
  for (auto const& item : stations) {
    ++row;
    auto made = station_of(item, policy, box);
    if (made && !known_lines.contains(made->listed.line)) made = failure{reason::malformed, "line is not in lines"};
    if (made && seen.contains(made->place.id))
      made = failure{reason::duplicate, "id " + made->place.id.value + " again"};
    if (made && !orders.insert({made->listed.line, made->listed.order}).second) {
      made = failure{reason::duplicate, "order " + std::to_string(made->listed.order) + " again on its line"};
    }
    if (!made) {
      rejects.push_back({kMetroFile, row, made.error()});
      continue;
    }
    seen.emplace(made->place.id, std::move(made->listed));
    metro.stations.push_back(std::move(made->place));
    metro.rows.push_back(row);
  }
  return seen;
}

}  // namespace

result<metro_list> read_metro(std::filesystem::path const& file, bundle_policy const& policy, lat_lon_box const& box,
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
  metro_list metro;
  auto const known_lines = read_lines(lines, metro.network, rejects);
  auto const listed = read_stations(stations, known_lines, policy, box, metro, rejects);
  for (auto& line : metro.network.lines) {
    auto const& item = lines[known_lines.at(line.id.value)];
    lay_stops(item, listed, policy, line, rejects);
    if (auto const added = add_trains(item, line); !added)
      reject(added.error().why, "no trains on line " + line.id.value + ": " + added.error().message, rejects);
  }
  if (in.has("hours")) {
    auto const day = hours_of(in.object("hours"));
    if (day) {
      metro.network.hours = *day;
    } else {
      reject(day.error().why, day.error().message, rejects);
    }
  }
  return metro;
}

}  // namespace siren
