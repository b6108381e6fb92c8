#pragma once

#include <optional>
#include <string>

#include "core/base/ids.h"
#include "core/base/mode.h"
#include "core/base/time.h"
#include "core/geo/position.h"
#include "core/track/threat_class.h"

namespace siren {

/// Something was launched and nothing follows it: a place, a moment, perhaps a course. It never meets a filter.
struct launch_report {
  source_id source;
  std::string native_id;  // the source's own name of the launch; a later report of the same name replaces it
  threat_class kind = threat_class::unknown;
  lat_lon from;
  std::optional<degrees> course;  // true; absent: any
  bool over = false;              // it came down or was taken back
  utc_time at;                    // of the launch, or of the end
  world belongs_to = world::live;
  trace_id trace;
  wall_time received_at;
};

}  // namespace siren
