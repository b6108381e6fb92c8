#pragma once

#include <cstdint>
#include <string_view>

#include "feed_adapters/alarm_document.h"
#include "feed_adapters/feed_json.h"

namespace siren {

/// ukrainealarm.com v3, `/api/v3/alerts`: [{regionId, regionType, …, activeAlerts: [{regionId, regionType, type,
/// lastUpdate}]}]. A State's record carries its districts' alarms, so that only the inner regionId says where one runs;
/// the same alarm may stand in two records and is told once, with its earliest time. There is no end: what is not
/// listed does not run.
/// Failure of the whole: message_too_large; malformed (no JSON, no list). Of one entry, in `refused`: malformed,
/// missing_field, field_too_long, time_missing.
[[nodiscard]] result<alarm_document> parse_ukrainealarm(std::string_view bytes, feed_json_limits const& limits = {});

/// `/api/v3/alerts/status`: {"lastActionIndex": N}; N changes with every change of the alarms. Failure: malformed,
/// missing_field, message_too_large.
[[nodiscard]] result<std::uint64_t> parse_action_index(std::string_view bytes);

}  // namespace siren
