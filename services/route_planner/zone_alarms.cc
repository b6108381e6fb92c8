#include "route_planner/zone_alarms.h"

#include <algorithm>

namespace siren {

std::vector<area_alarm> alarms_of_areas(std::vector<zone_id> const& areas, zone_map const& zones,
                                        zone_alarms const& alarms) {
  std::vector<area_alarm> made;
  made.reserve(areas.size());
  for (auto const& area : areas) {
    area_alarm sum;
    auto const add = [&](zone_id const& zone, bool around) {
      auto const found = alarms.find(zone);
      if (found == alarms.end() || found->second.level == stage::all_clear) return;
      auto const& alarm = found->second;
      if (around && alarm.partly) return;
      sum.told = sum.told || alarm.level >= stage::go;
      if (alarm.earliest) sum.deadline = sum.deadline ? std::min(*sum.deadline, *alarm.earliest) : *alarm.earliest;
    };
    add(area, false);
    for (auto const& zone : zones.ancestors(area)) add(zone, true);
    made.push_back(sum);
  }
  return made;
}

}  // namespace siren
