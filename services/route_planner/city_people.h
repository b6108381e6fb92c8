#pragma once

#include <vector>

#include "core/plan/demand.h"
#include "core/zone/zone_map.h"

namespace siren {

/// Where a city's people are, as plans see it. Areas are the zones without children that hold a street node; those
/// outside the city's own zone have alarms but no people, because only their streets' fringe is on the map.
struct city_people {
  std::vector<zone_id> areas;       // by area_index
  std::vector<area_index> area_of;  // one per street node
  demand people;
};

/// A zone's population that its parts don't tell is shared among them by their street nodes. `city`: the zone that is
/// the city. Two threads; about a second for 250,000 nodes.
[[nodiscard]] city_people find_people(street_graph const& streets, zone_map const& zones, zone_id const& city,
                                      demand_policy const& policy = {});

}  // namespace siren
