#pragma once

#include <vector>

#include "core/route/profile.h"
#include "core/route/street_graph.h"
#include "core/zone/zone_map.h"

namespace siren::swarm {

/// One simulated person with a phone.
struct person {
  lat_lon place;
  zone_id home;  // the leaf zone of the place
  walking_profile profile = walking_profile::average;
  std::vector<zone_id> watched;  // relatives elsewhere: one phone in ten
};

/// People on streets of the city, spread over its zones as the population is (evenly where that is unknown), the same
/// for the same seed. Shares of profiles: 85 % average, 12 % slow, 3 % wheelchair or pram (plausible, no source).
[[nodiscard]] std::vector<person> place_people(street_graph const& streets, zone_map const& zones, zone_id const& city,
                                               std::size_t count, std::uint64_t seed);

}  // namespace siren::swarm
