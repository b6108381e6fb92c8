#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/plan/city_planner.h"
#include "core/plan/judge.h"

namespace siren {

/// What every person's nearest open shelter would have made of the same moment: what an app without a plan shows.
struct nearest_outcome {
  std::uint64_t in_time = 0;            // arrive in time, and there is room
  std::uint32_t overfull_shelters = 0;  // more people than room
  std::uint64_t over_capacity = 0;      // people beyond it
};

struct nearest_input {
  city_view view;                            // usable
  std::vector<std::uint32_t> const& people;  // one per node
  std::vector<area_index> const& area_of;    // one per node
  std::vector<utc_time> const& from;         // one per area: when its people set out
  std::vector<area_alarm> const& alarms;     // one per area
  std::vector<std::uint32_t> const& room;    // one per target: places free before the alarm
};

/// Everybody of every profile walks to the nearest target that is open and offers what they need, whether they get
/// there in time or not; the first to come get in. In time as the plan's budgets count it. Pure.
[[nodiscard]] nearest_outcome send_to_nearest(nearest_input const& city, judge_policy const& policy);

}  // namespace siren
