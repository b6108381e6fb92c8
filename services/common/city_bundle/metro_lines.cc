#include "common/city_bundle/metro_lines.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/city_bundle/fields.h"

namespace siren {
namespace {

constexpr std::uint32_t kLongestHeadway = 7'200;  // s; rarer trains are no way to a shelter
constexpr std::uint32_t kLongestRun = 3'600;      // s

metro_stop stop_at(shelter_id const& id, listed_stations const& stations) {
  return {id, stations.at(id).surface, seconds{0}, false};
}

seconds run_between(shelter_id const& from, shelter_id const& to, listed_stations const& stations,
                    bundle_policy const& policy) {
  auto const apart = distance(stations.at(from).place, stations.at(to).place);
  auto const run = std::ceil(apart.value / policy.metro_speed.value);
  return seconds{std::max<seconds::rep>(1, static_cast<seconds::rep>(run))};
}

void lay_by_order(listed_stations const& stations, bundle_policy const& policy, metro_line& line) {
  std::map<std::uint32_t, shelter_id> by_order;
  for (auto const& [id, s] : stations)
    if (s.line == line.id.value) by_order.emplace(s.order, id);
  std::optional<std::uint32_t> before;
  for (auto const& [order, id] : by_order) {
    if (before && *before + 1 == order)
      line.stops.back().run = run_between(line.stops.back().station, id, stations, policy);
    line.stops.push_back(stop_at(id, stations));
    before = order;
  }
}

/// Two ids of stops of the line.
result<metro_stretch> stretch_of(nlohmann::json const& pair, metro_line const& line) {
  failure const bad{reason::malformed, "a stretch is not two stops of the line"};
  if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) return bad;
  metro_stretch stretch{shelter_id{pair[0].get<std::string>()}, shelter_id{pair[1].get<std::string>()}};
  for (auto const& end : {stretch.from, stretch.to}) {
    auto const is_end = [&](metro_stop const& s) { return s.station == end; };
    if (std::none_of(line.stops.begin(), line.stops.end(), is_end)) return bad;
  }
  return stretch;
}

std::vector<metro_stretch> stretches_of(char const* key, metro_line const& line, json_fields& in) {
  std::vector<metro_stretch> list;
  for (auto const& pair : in.array(key)) {
    auto stretch = stretch_of(pair, line);
    if (!stretch) return in.fail(stretch.error().why, std::string{key} + ": " + stretch.error().message), list;
    list.push_back(std::move(*stretch));
  }
  return list;
}

void expose(metro_stretch const& link, metro_line& line, json_fields& in) {
  for (std::size_t i = 0; i + 1 < line.stops.size(); ++i) {
    auto& here = line.stops[i];
    auto const& next = line.stops[i + 1].station;
    if ((here.station == link.from && next == link.to) || (here.station == link.to && next == link.from)) {
      here.exposed = true;
      return;
    }
  }
  in.fail(reason::malformed, "exposed: " + link.from.value + " and " + link.to.value + " are no neighbours");
}

/// One per link of `stops` as the file lists them; a stop that was left out takes its links along.
void set_runs(nlohmann::json const& item, metro_line& line, json_fields& in) {
  auto const& stops = in.array("stops");
  auto const& runs = in.array("runs_s");
  if (!in.ok()) return;
  if (runs.size() + 1 != stops.size()) return in.fail(reason::malformed, "runs_s has not one run for each link");
  std::size_t laid = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!runs[i].is_number_unsigned() || runs[i].get<std::uint64_t>() > kLongestRun)
      return in.fail(reason::count_out_of_range, "runs_s: not seconds from 0 to " + std::to_string(kLongestRun));
    if (laid >= line.stops.size() || item["stops"][i] != line.stops[laid].station.value) continue;
    if (line.stops[laid].run > seconds{0}) line.stops[laid].run = seconds{runs[i].get<std::uint32_t>()};
    ++laid;
  }
}

std::optional<minutes> time_of_day(std::string const& text) {
  auto const digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  int const hour = (text[0] - '0') * 10 + (text[1] - '0');
  int const minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return minutes{hour * 60 + minute};
}

}  // namespace

void lay_stops(nlohmann::json const& item, listed_stations const& stations, bundle_policy const& policy,
               metro_line& line, std::vector<bundle_reject>& rejects) {
  json_fields in{item};
  if (!in.has("stops")) return lay_by_order(stations, policy, line);
  bool joined = false;
  for (auto const& entry : in.array("stops")) {
    shelter_id const id{entry.is_string() ? entry.get<std::string>() : ""};
    if (!stations.contains(id) || line.stops.size() >= policy.max_stations) {
      rejects.push_back({"metro.json",
                         0,
                         {reason::malformed,
                          "line " + line.id.value + ": a stop \"" + id.value + "\" is no station, or one too many"}});
      joined = false;
      continue;
    }
    if (joined) line.stops.back().run = run_between(line.stops.back().station, id, stations, policy);
    line.stops.push_back(stop_at(id, stations));
    joined = true;
  }
}

result<void> add_trains(nlohmann::json const& item, metro_line& line) {
  json_fields in{item};
  if (in.has("headway_s"))
    line.headway = seconds{in.whole_number("headway_s", kLongestHeadway, reason::count_out_of_range)};
  if (in.has("runs_s")) set_runs(item, line, in);
  if (in.has("exposed"))
    for (auto const& link : stretches_of("exposed", line, in)) expose(link, line, in);
  if (in.has("alarm_runs")) line.alarm_runs = stretches_of("alarm_runs", line, in);
  if (in.ok()) return {};
  for (auto& stop : line.stops) stop.run = seconds{0};
  return in.error();
}

result<metro_hours> hours_of(nlohmann::json const& item) {
  json_fields in{item};
  auto const first = time_of_day(in.text("first"));
  auto const last = time_of_day(in.text("last"));
  if (!in.ok()) return in.error();
  if (!first || !last) return failure{reason::malformed, "hours: not a time of day HH:MM"};
  return metro_hours{*first, *last};
}

}  // namespace siren
