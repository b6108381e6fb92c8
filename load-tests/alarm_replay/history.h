#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/zone/region_alarm.h"
#include "core/zone/zone.h"

namespace siren::replay {

/// One official alarm from its start to its end.
struct alarm_row {
  zone_id region;
  utc_time began;
  utc_time ended;  // later than it began
};

/// Recorded alarms and the regions that they name: oblast > raion > hromada. Ids are numbers in the order of first
/// mention; shapes are squares beside each other, since official alarms go by region and never by place.
struct alarm_history {
  std::vector<zone> zones;  // a parent before its children
  std::vector<alarm_row> rows;
  std::size_t put_right = 0;  // rows whose oblast and raion stood in each other's column
};

/// Of a CSV with the columns oblast, raion, hromada, level ("oblast", "raion", "hromada"), started_at, finished_at
/// (RFC 3339 with a space for the T). Failure: MALFORMED or MISSING_FIELD with the line; no row is left out.
[[nodiscard]] result<alarm_history> parse_history(std::string_view text);
/// Failure also: FILE_UNREADABLE.
[[nodiscard]] result<alarm_history> read_history(std::string const& file);

/// Every start and end in the order of time; at one instant what starts comes first, so that a zone that stays in alarm
/// hears no all clear in between.
[[nodiscard]] std::vector<region_alarm> events_of(alarm_history const& history);

}  // namespace siren::replay
