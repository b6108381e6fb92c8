#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/track/observation.h"

namespace siren {

/// Covariance of [east, north, east velocity, north velocity] in the local plane, row-major, m and m/s.
using state_covariance = std::array<double, 16>;

/// A fused object: what we believe one thing in the air is doing at `updated_at`.
struct track {
  track_id id;
  threat_class kind = threat_class::unknown;
  std::uint32_t count = 1;
  bool confirmed =
      false;  // enough independent support to act on (M-of-N birth); tentative tracks inform operators only
  lat_lon position;
  ground_velocity velocity;
  state_covariance covariance{};
  utc_time born_at;
  utc_time updated_at;             // time of the newest report in it
  std::vector<source_id> sources;  // distinct, sorted
  trace_id trace;                  // of the newest report
  wall_time received_at;           // of the newest report
};

enum class track_end : std::uint8_t { none = 0, destroyed = 1, coasted_out = 2, merged = 3 };

/// A track after a change. `end` other than none: the track is gone and this is its last state.
struct track_change {
  track now;
  track_end end = track_end::none;
};

}  // namespace siren
