#include "route_planner/city_people.h"

#include <algorithm>
#include <future>
#include <map>
#include <unordered_map>

namespace siren {
namespace {

constexpr std::uint32_t kOutside = kNoIndex;

/// Leaf zone of each node, as its place in zones.leaves().
std::vector<std::uint32_t> leaves_of(street_graph const& streets, zone_map const& zones) {
  std::unordered_map<zone_id, std::uint32_t> number;
  for (auto const& leaf : zones.leaves()) number.emplace(leaf, static_cast<std::uint32_t>(number.size()));
  std::vector<std::uint32_t> leaf_of(streets.node_count(), kOutside);
  auto const fill = [&](std::size_t begin, std::size_t end) {
    for (auto n = begin; n < end; ++n) {
      auto const zone = zones.leaf_at(streets.place(node_index{static_cast<std::uint32_t>(n)}));
      // A place that no leaf covers may still lie in a zone with children.
      if (auto const found = zone ? number.find(*zone) : number.end(); found != number.end())
        leaf_of[n] = found->second;
    }
  };
  auto const middle = leaf_of.size() / 2;
  auto first = std::async(std::launch::async, [&] { fill(0, middle); });
  fill(middle, leaf_of.size());
  first.get();
  return leaf_of;
}

bool tells_population_below(zone_map const& zones, zone_id const& id) {
  auto const below = zones.descendants(id);
  return std::any_of(below.begin(), below.end(), [&](auto const& z) { return zones.find(z)->population > 0; });
}

/// Adds what the zone's people are to its leaves, by their nodes.
void share_out(zone_map const& zones, zone const& from, std::map<zone_id, std::uint64_t> const& nodes,
               std::map<zone_id, std::uint32_t>& population) {
  std::vector<zone_id> leaves;
  std::uint64_t total = 0;
  auto below = zones.descendants(from.id);
  below.push_back(from.id);
  for (auto const& id : below) {
    auto const found = nodes.find(id);
    if (found == nodes.end() || found->second == 0) continue;
    leaves.push_back(id);
    total += found->second;
  }
  std::uint64_t given = 0;
  std::uint64_t seen = 0;
  for (auto const& id : leaves) {
    seen += nodes.at(id);
    auto const up_to = from.population * seen / total;
    population[id] += static_cast<std::uint32_t>(up_to - given);
    given = up_to;
  }
}

}  // namespace

city_people find_people(street_graph const& streets, zone_map const& zones, zone_id const& city,
                        demand_policy const& policy) {
  auto const leaf_of = leaves_of(streets, zones);
  std::vector<std::uint64_t> nodes(zones.leaves().size(), 0);
  for (auto const leaf : leaf_of)
    if (leaf != kOutside) ++nodes[leaf];

  city_people made;
  std::vector<std::uint32_t> area_of_leaf(nodes.size(), kNoIndex);
  std::map<zone_id, std::uint64_t> nodes_of;
  for (std::size_t leaf = 0; leaf < nodes.size(); ++leaf) {
    if (nodes[leaf] == 0) continue;
    area_of_leaf[leaf] = static_cast<std::uint32_t>(made.areas.size());
    made.areas.push_back(zones.leaves()[leaf]);
    nodes_of[zones.leaves()[leaf]] = nodes[leaf];
  }
  std::map<zone_id, std::uint32_t> population;
  for (auto const& z : zones.all()) {
    auto const& up = zones.ancestors(z.id);
    bool const of_city = z.id == city || std::find(up.begin(), up.end(), city) != up.end();
    if (of_city && z.population > 0 && !tells_population_below(zones, z.id)) share_out(zones, z, nodes_of, population);
  }
  std::vector<demand_area> areas;
  for (auto const& id : made.areas) areas.push_back({population[id], 0});
  made.area_of.reserve(leaf_of.size());
  for (auto const leaf : leaf_of) made.area_of.emplace_back(leaf == kOutside ? kNoIndex : area_of_leaf[leaf]);
  made.people = people_per_node(streets, made.area_of, areas, policy);
  return made;
}

}  // namespace siren
