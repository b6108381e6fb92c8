#pragma once

#include <vector>

#include "raid_scenario/raid_sensors.h"
#include "raid_scenario/zone_sets.h"
#include "raid_trial/picture_score.h"
#include "raid_trial/zone_score.h"

namespace siren::raids {

/// One generated raid and everything that arrives of it.
struct raid_case {
  raid_plan plan;
  std::vector<true_object> truth;
  std::vector<timed_report> reports;
};
[[nodiscard]] raid_case make_case(raid_plan const& plan);

struct tracker_figures {
  picture_figures picture;
  zone_figures zones;
  double tracking_cpu_s = 0.0;  // this thread's
  double zones_cpu_s = 0.0;
};
struct trial_figures {
  std::uint64_t seed = 0;
  std::size_t objects = 0;
  std::size_t reports = 0;
  std::size_t clutter = 0;
  std::size_t refused = 0;  // at the door
  tracker_figures ours;
  tracker_figures plain;
};

/// Plays a raid second by second through the product's tracker and through the plain one: the same reports, as the
/// feeds' door admits them, in the same steps. Each tracker's changes go to zones of their own under the same policy,
/// with no official alarm.
[[nodiscard]] trial_figures run_trial(raid_case const& what, zone_map const& zones);

}  // namespace siren::raids
