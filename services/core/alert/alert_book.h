#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "core/alert/alert.h"
#include "core/zone/danger.h"
#include "core/zone/zone_map.h"

namespace siren {

struct alert_policy {
  std::size_t most_threats = 8;  // an alert names the most urgent ones; a screen holds no more
};

/// The alert of every zone that is not all clear.
struct alert_book {
  std::map<zone_id, alert> open;
  std::map<zone_id, utc_time> last_id_time;  // of each zone's newest id, so that no id is used twice
};

/// At most one alert: rev 1 when the zone leaves all clear, the next rev with each change that an alert shows, the last
/// one with the all clear. Nothing when a zone without an alert is all clear or when nothing shown differs.
[[nodiscard]] std::vector<alert> apply(alert_book& book, danger_change const& change, alert_policy const& policy);

/// Ends the alerts of zones that are no longer in the map: nobody would ever end them. Their danger, if it goes on, is
/// that of the zones that replace them, which are to be raised before.
[[nodiscard]] std::vector<alert> end_gone(alert_book& book, zone_map const& zones, utc_time now);

/// After a restart: alerts from the log in any order, revisions and ended ones included. Revisions go on from there.
void restore(alert_book& book, std::vector<alert> const& logged);

}  // namespace siren
