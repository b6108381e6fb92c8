#include "gtfs_metro.h"

#include <algorithm>
#include <map>
#include <set>

#include "common/city_bundle/fields.h"

namespace siren::city {
namespace {

/// Of the map's stations the nearest, one with the same name first; none in reach: nullopt.
std::optional<std::size_t> station_for(gtfs_station const& wanted, std::vector<shelter> const& stations,
                                       gtfs_match_policy const& policy) {
  std::optional<std::size_t> best;
  meters best_away{};
  bool best_named = false;
  for (std::size_t i = 0; i < stations.size(); ++i) {
    bool const named = stations[i].name_uk == wanted.name || stations[i].name_en == wanted.name;
    auto const away = distance(wanted.place, stations[i].place);
    if (away > (named ? policy.same_name : policy.same_place) || (best_named && !named)) continue;
    if (best && best_named == named && away >= best_away) continue;
    best = i;
    best_away = away;
    best_named = named;
  }
  return best;
}

/// An id as bundles have them, and not yet taken.
std::string line_id(std::string const& route, std::set<std::string>& taken) {
  constexpr std::size_t kRoomForNumber = 8;
  std::string id;
  for (char const c : route.substr(0, kMaxIdBytes - kRoomForNumber)) {
    bool const plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
    id.push_back(plain ? c : '-');
  }
  auto unique = id;
  for (int number = 2; !taken.insert(unique).second; ++number) unique = id + '-' + std::to_string(number);
  return unique;
}

/// Stops that the map has; the time past the others is kept.
std::vector<metro_stop> stops_of(gtfs_line const& line, std::vector<std::optional<std::size_t>> const& found,
                                 std::vector<shelter> const& stations) {
  std::vector<metro_stop> stops;
  for (std::size_t i = 0; i < line.stations.size(); ++i) {
    if (i > 0 && !stops.empty()) stops.back().run += line.runs[i - 1];
    auto const& at = found[line.stations[i]];
    if (!at || (!stops.empty() && stops.back().station == stations[*at].id)) continue;
    stops.push_back({stations[*at].id, stations[*at].surface, seconds{0}, false});
  }
  if (!stops.empty()) stops.back().run = seconds{0};
  return stops;
}

}  // namespace

gtfs_match match_lines(metro_list map, gtfs_feed const& feed, gtfs_match_policy const& policy) {
  gtfs_match made;
  std::vector<std::optional<std::size_t>> found;
  for (auto const& s : feed.stations) {
    found.push_back(station_for(s, map.stations, policy));
    ++(found.back() ? made.matched : made.unmatched);
  }
  std::set<std::string> taken;
  for (auto const& l : map.network.lines) taken.insert(l.id.value);
  std::set<shelter_id> served;
  std::vector<metro_line> lines;
  for (auto const& l : feed.lines) {
    auto stops = stops_of(l, found, map.stations);
    if (stops.size() < 2) continue;
    for (auto const& stop : stops) served.insert(stop.station);
    lines.push_back(
        {metro_line_id{line_id(l.route, taken)}, l.name, l.name, l.headway, std::move(stops), std::nullopt});
  }
  made.lines = lines.size();
  for (auto& l : map.network.lines) {
    std::erase_if(l.stops, [&](metro_stop const& stop) { return served.contains(stop.station); });
    if (!l.stops.empty()) lines.push_back(std::move(l));
  }
  for (auto& s : map.stations)
    if (served.contains(s.id) && !s.surface) s.role = metro_role::train;
  map.network.lines = std::move(lines);
  map.network.hours = feed.hours;
  made.metro = std::move(map);
  return made;
}

}  // namespace siren::city
