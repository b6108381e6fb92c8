#pragma once

#include <optional>
#include <string>

#include "core/base/ids.h"
#include "core/base/mode.h"
#include "core/base/time.h"
#include "core/geo/position.h"
#include "core/track/threat_class.h"

namespace siren {

enum class object_status : std::uint8_t { active = 1, destroyed = 2, lost = 3 };

struct ground_velocity {
  meters_per_second east;
  meters_per_second north;
  friend bool operator==(ground_velocity const&, ground_velocity const&) = default;
};

/// One report from one sensor about one object (or one unresolved group of `count`). Unknown numbers are absent, never
/// 0.
struct observation {
  source_id source;
  std::string native_id;  // the source's own name of the report's object; may be empty
  /// Who measured it, when `source` only passes it on; empty: `source` itself did. native_id is then the origin's name.
  source_id origin;
  /// Not a measurement but another system's estimate out of several, so that its error may be tied to errors of reports
  /// that we have already.
  bool fused = false;
  utc_time observed_at;
  lat_lon position;
  std::optional<meters> position_sigma;  // 1-σ per axis; absent: the class default of the policy
  std::optional<ground_velocity> velocity;
  std::optional<meters_per_second> velocity_sigma;
  std::optional<meters> altitude;  // above the ellipsoid
  threat_class kind = threat_class::unknown;
  std::optional<probability> class_confidence;  // that `kind` is right; absent: the default of the policy
  std::uint32_t count = 1;
  object_status status = object_status::active;
  world belongs_to = world::live;
  trace_id trace;
  wall_time received_at;  // when ingest had it whole; the zero of every delay that we report

  [[nodiscard]] source_id const& measured_by() const { return origin.value.empty() ? source : origin; }
};

}  // namespace siren
