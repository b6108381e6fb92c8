#include "osm_metro.h"

#include <algorithm>

namespace siren::city {
namespace {

constexpr char kLine[] = "metro";

struct group {
  osm_place station;
  std::vector<osm_place> entrances;
};

void gather(std::vector<osm_place> left_over, meters reach, std::vector<group>& groups) {
  while (!left_over.empty()) {
    group g{left_over.front(), {left_over.front()}};
    left_over.erase(left_over.begin());
    for (std::size_t i = 0; i < g.entrances.size(); ++i) {
      auto const near = [&](osm_place const& e) { return distance(e.at, g.entrances[i].at) <= reach; };
      auto const far = std::stable_partition(left_over.begin(), left_over.end(), near);
      g.entrances.insert(g.entrances.end(), left_over.begin(), far);
      left_over.erase(left_over.begin(), far);
    }
    for (auto const& e : g.entrances) {
      if (g.station.name_uk.empty()) g.station.name_uk = e.name_uk;
      if (g.station.name_en.empty()) g.station.name_en = e.name_en;
    }
    groups.push_back(std::move(g));
  }
}

shelter shelter_of(group const& g, std::size_t number) {
  shelter s;
  s.id = shelter_id{"metro-n" + std::to_string(g.station.id)};
  s.type = shelter_type::metro_station;
  s.name_uk = g.station.name_uk.empty() ? "Станція " + std::to_string(number) : g.station.name_uk;
  s.name_en = g.station.name_en.empty() ? "Station " + std::to_string(number) : g.station.name_en;
  s.place = g.station.at;
  s.surface = g.station.surface;
  s.role = s.surface ? metro_role::closed : metro_role::shelter_only;
  s.capacity = s.surface ? 0 : bundle_policy{}.metro_capacity;
  s.pets = true;
  for (auto const& e : g.entrances) {
    if (s.entrances.size() == bundle_policy{}.max_entrances) break;
    s.entrances.push_back({e.name_en, e.at, e.step_free});
    s.step_free = s.step_free || e.step_free;
  }
  return s;
}

}  // namespace

metro_list metro_of(std::vector<osm_place> const& stations, std::vector<osm_place> const& entrances,
                    osm_metro_policy const& policy) {
  std::vector<group> groups;
  for (auto const& s : stations) groups.push_back({s, {}});
  std::vector<osm_place> left_over;
  for (auto const& e : entrances) {
    auto const nearer = [&](group const& a, group const& b) {
      return distance(a.station.at, e.at) < distance(b.station.at, e.at);
    };
    auto const best = std::min_element(groups.begin(), groups.end(), nearer);
    if (best != groups.end() && distance(best->station.at, e.at) <= policy.station_reach) {
      best->entrances.push_back(e);
    } else {
      left_over.push_back(e);
    }
  }
  std::erase_if(groups, [](group const& g) { return g.entrances.empty(); });
  gather(std::move(left_over), policy.cluster_reach, groups);
  metro_list metro;
  if (groups.empty()) return metro;
  metro_line line{metro_line_id{kLine}, "Метро", "Metro", seconds{0}, {}, std::nullopt};
  for (auto const& g : groups) {
    metro.stations.push_back(shelter_of(g, metro.stations.size() + 1));
    line.stops.push_back({metro.stations.back().id, metro.stations.back().surface, seconds{0}, false});
    metro.rows.push_back(metro.stations.size());
  }
  metro.network.lines.push_back(std::move(line));
  return metro;
}

}  // namespace siren::city
