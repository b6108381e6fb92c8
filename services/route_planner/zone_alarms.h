#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/plan/city_planner.h"
#include "core/zone/danger.h"
#include "core/zone/zone_map.h"

namespace siren {

/// What plans need of a zone's newest alert.
struct zone_alarm {
  stage level = stage::all_clear;
  bool partly = false;               // only zones inside it are in alarm
  std::optional<utc_time> earliest;  // 5th percentile of the first threat's arrival; absent: unknown
  friend bool operator==(zone_alarm const&, zone_alarm const&) = default;
};
using zone_alarms = std::map<zone_id, zone_alarm>;

/// An area hears its own zone's alarm and those of the zones around it, unless they are partly. Told to go from GO on;
/// the earliest of all deadlines counts.
[[nodiscard]] std::vector<area_alarm> alarms_of_areas(std::vector<zone_id> const& areas, zone_map const& zones,
                                                      zone_alarms const& alarms);

}  // namespace siren
