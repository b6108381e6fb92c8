#pragma once

#include <string>

#include "core/base/ids.h"
#include "core/base/mode.h"
#include "core/base/time.h"
#include "core/zone/danger.h"

namespace siren {

/// An official alarm of one region switched on or off by one source. Any fresh source starts it; every live source that
/// started it must end it.
struct region_alarm {
  source_id source;
  std::string native_id;
  zone_id region;
  alarm_type type = alarm_type::air;
  bool active = true;
  utc_time changed_at;
  world belongs_to = world::live;
  trace_id trace;
  wall_time received_at;
};

/// An order of a city operator through the alarm service.
struct operator_order {
  std::string request_id;
  std::string operator_name;
  zone_id zone;
  stage level = stage::go;  // all_clear withdraws this operator's earlier order, and nothing else (official floor)
  std::string text;
  utc_time at;
  trace_id trace;
};

}  // namespace siren
