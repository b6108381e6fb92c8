#pragma once

#include "core/zone/zone_map.h"
#include "raid_scenario/raid_truth.h"

namespace siren::raids {

struct zone_set_plan {
  std::uint64_t seed = 1;
  std::uint32_t across = 5;      // cells along each side of the square
  meters cell{36'000.0};         // a raion's size
  std::uint32_t districts = 4;   // the middle cell is divided into so many along each side
  std::uint32_t per_parent = 3;  // cells of a parent (an oblast) along each side
};

/// A square of crooked cells around the raid's centre, the middle one divided like a city: leaves without gaps or
/// overlaps, under parents, under one country. 5 x 5 cells with 4 x 4 districts have 40 leaves and reach 90 km, as far
/// as from Kyiv to the nearest border.
[[nodiscard]] std::vector<zone> make_zones(zone_set_plan const& plan);

}  // namespace siren::raids
