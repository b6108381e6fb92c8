#include "common/whole_city/whole_city.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "core/zone/zone_map.h"
#include "route_planner/adapters/osm_streets.h"

namespace siren {
namespace {

/// Zones that hold people of their own: leaves, or where no leaf of the city is counted, the city itself as one.
void place_nodes(zone_map const& zones, whole_city& city) {
  std::map<zone_id, std::uint32_t> numbers;
  city.area_of.reserve(city.streets->node_count());
  for (std::uint32_t n = 0; n < city.streets->node_count(); ++n) {
    auto const leaf = zones.leaf_at(city.streets->place(node_index{n}));
    if (!leaf) {
      city.area_of.push_back(area_index{kNoIndex});
      continue;
    }
    auto const [at, fresh] = numbers.emplace(*leaf, static_cast<std::uint32_t>(city.areas.size()));
    if (fresh) {
      city.areas.push_back(*leaf);
      city.area_population.push_back(zones.find(*leaf)->population);
    }
    city.area_of.push_back(area_index{at->second});
  }
}

}  // namespace

std::uint64_t whole_city::population() const {
  return std::accumulate(area_population.begin(), area_population.end(), std::uint64_t{0});
}

result<whole_city> load_whole_city(std::filesystem::path const& folder) {
  auto bundle = load_city_bundle(folder);
  if (!bundle) return bundle.error();
  auto imported = import_osm_streets(bundle->streets.string(), bundle->info.generated);
  if (!imported) return imported.error();
  auto const zones = zone_map::build(bundle->zones);
  if (!zones) return zones.error();
  whole_city city;
  city.bundle = std::move(*bundle);
  city.streets = std::make_shared<street_graph const>(std::move(imported->streets));
  city.snap = std::make_shared<snap_index const>(*city.streets);
  place_nodes(*zones, city);
  if (city.population() == 0) {
    auto const* whole = zones->find(city.bundle.info.city_zone);
    city.areas = {city.bundle.info.city_zone};
    city.area_population = {whole != nullptr ? whole->population : 0};
    for (auto& area : city.area_of) area = area_index{0};
  }
  return city;
}

std::vector<std::uint32_t> scaled_to(std::vector<std::uint32_t> const& parts, std::uint64_t total) {
  auto const sum = std::accumulate(parts.begin(), parts.end(), std::uint64_t{0});
  std::vector<std::uint32_t> scaled(parts.size(), 0);
  if (sum == 0) return scaled;
  std::vector<std::pair<double, std::size_t>> remainders;
  std::uint64_t given = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto const exact = static_cast<double>(parts[i]) * static_cast<double>(total) / static_cast<double>(sum);
    scaled[i] = static_cast<std::uint32_t>(exact);
    given += scaled[i];
    remainders.emplace_back(scaled[i] - exact, i);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](auto const& a, auto const& b) { return a.first < b.first; });
  for (std::size_t i = 0; given < total; i = (i + 1) % remainders.size(), ++given) ++scaled[remainders[i].second];
  return scaled;
}

std::vector<std::uint32_t> people_of(whole_city const& city, std::uint64_t total) {
  std::vector<demand_area> areas;
  for (auto const people : total == 0 ? city.area_population : scaled_to(city.area_population, total))
    areas.push_back({.population = people});
  return people_per_node(*city.streets, city.area_of, areas, demand_policy{}).people;
}

}  // namespace siren
