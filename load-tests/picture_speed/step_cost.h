#pragma once

#include <vector>

#include "core/zone/zone_picture.h"
#include "picture_speed/full_sky.h"

namespace siren::picture_speed {

/// 1,799 leaves of 24 km, the middle one divided into districts, under 49 parents and a country.
[[nodiscard]] std::vector<zone> full_country();

struct step_costs {
  std::vector<double> whole_ms;  // of each measured second, this thread's processor time
  std::vector<double> tracks_ms;
  std::vector<double> zones_ms;
  std::size_t reports = 0;
  std::size_t confirmed = 0;        // at the end
  std::size_t tentative = 0;        // at the end
  std::size_t sightings = 0;        // approaches that zones remember, at the end
  std::size_t zone_changes = 0;     // told while measuring
  double memory_after_warm_up = 0;  // MiB resident, of the whole process
  double memory_at_half = 0;
  double memory_at_end = 0;
};

/// Plays the sky for kWarmUp seconds and then measures so many: everything that arrived in a second is one scan, then a
/// tick, then every changed track goes to the zones, then their tick. Making the reports is not part of it.
[[nodiscard]] step_costs measure(sky_plan const& plan, zone_map const& zones, std::uint32_t seconds_measured);

inline constexpr std::uint32_t kWarmUp = 30;  // s; every track is confirmed and zones know it

}  // namespace siren::picture_speed
