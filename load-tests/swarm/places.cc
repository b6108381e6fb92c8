#include "swarm/places.h"

#include <algorithm>
#include <map>

#include "attack/random_stream.h"

namespace siren::swarm {
namespace {

constexpr double kSlow = 0.12;
constexpr double kWheelchair = 0.03;
constexpr double kWatches = 0.10;
constexpr std::size_t kStrictTriesPerPerson =
    40;  // the least populated district must still find its share of street nodes
constexpr std::size_t kTriesPerPerson = 80;

walking_profile drawn_profile(attack::random_stream& random) {
  auto const lot = random.unit();
  if (lot < kWheelchair) return walking_profile::wheelchair;
  return lot < kWheelchair + kSlow ? walking_profile::slow : walking_profile::average;
}

bool inside(zone_map const& zones, zone_id const& leaf, zone_id const& city) {
  auto const& up = zones.ancestors(leaf);
  return leaf == city || std::find(up.begin(), up.end(), city) != up.end();
}

/// How many of `count` live in each leaf zone; the largest remainders get the rest.
std::map<zone_id, std::size_t> shares(zone_map const& zones, zone_id const& city, std::size_t count) {
  std::vector<std::pair<zone_id, double>> weights;
  auto total = 0.0;
  for (auto const& leaf : zones.leaves()) {
    if (!inside(zones, leaf, city)) continue;
    weights.emplace_back(leaf, std::max<double>(zones.find(leaf)->population, 1));
    total += weights.back().second;
  }
  std::map<zone_id, std::size_t> out;
  std::size_t given = 0;
  for (auto const& [leaf, weight] : weights)
    given += out[leaf] = static_cast<std::size_t>(weight / total * static_cast<double>(count));
  for (std::size_t i = 0; given < count && !weights.empty(); ++i, ++given) ++out[weights[i % weights.size()].first];
  return out;
}

}  // namespace

std::vector<person> place_people(street_graph const& streets, zone_map const& zones, zone_id const& city,
                                 std::size_t count, std::uint64_t seed) {
  attack::random_stream random{seed};
  auto wanted = shares(zones, city, count);
  std::vector<zone_id> elsewhere;
  for (auto const& z : zones.all())
    if (z.kind == zone_kind::raion || z.kind == zone_kind::oblast) elsewhere.push_back(z.id);

  std::vector<person> people;
  people.reserve(count);
  for (std::size_t i = 0; i < count * kTriesPerPerson && people.size() < count; ++i) {
    auto const place = streets.place(node_index{static_cast<std::uint32_t>(random.below(streets.node_count()))});
    auto const home = zones.leaf_at(place);
    if (!home) continue;
    auto const left = wanted.find(*home);
    // Late in the search: a zone whose share can't be placed has hardly a street in this extract, so others take its
    // people.
    auto const strict = i < count * kStrictTriesPerPerson;
    if (left == wanted.end() || (strict && left->second == 0)) continue;
    if (left->second > 0) --left->second;
    people.push_back({place, *home, drawn_profile(random), {}});
    if (!elsewhere.empty() && random.chance(kWatches))
      people.back().watched.push_back(elsewhere[random.below(elsewhere.size())]);
  }
  return people;
}

}  // namespace siren::swarm
