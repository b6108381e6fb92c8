#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.h"

namespace siren {

/// How many were in a shelter, and when.
struct occupancy_point {
  utc_time at;
  std::uint32_t people = 0;
  friend bool operator==(occupancy_point const&, occupancy_point const&) = default;
};

struct filling_policy {
  minutes look_back{10};  // a shelter fills within tens of minutes of an alarm; older points tell of another hour
  std::size_t least_points = 3;
  seconds least_span{60};  // two groups at the door are no trend
  hours look_ahead{6};     // longer than nearly every alarm
};

/// When the shelter will be full if people go on coming as they did: the least-squares line through the points of the
/// last minutes, from the last point on. `now` when it is full already; absent: not within the time looked ahead, too
/// few points, or no capacity told. Points in order of time. Pure.
[[nodiscard]] std::optional<utc_time> full_at(std::vector<occupancy_point> const& points, std::uint32_t capacity,
                                              utc_time now, filling_policy const& policy = {});

}  // namespace siren
