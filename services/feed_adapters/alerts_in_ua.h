#pragma once

#include <string_view>

#include "feed_adapters/alarm_document.h"
#include "feed_adapters/feed_json.h"

namespace siren {

/// alerts.in.ua v1, `alerts/active.json`: {"alerts": [{id, location_uid (text or number), alert_type, started_at,
/// finished_at (null while it runs), deleted_at, …}], …}. Times are RFC 3339. An alarm that was deleted has ended.
/// Failure of the whole: message_too_large; malformed (no JSON, no object); missing_field (no list of alerts). Of one
/// entry, in `refused`: malformed, missing_field, field_too_long, time_missing.
[[nodiscard]] result<alarm_document> parse_alerts_in_ua(std::string_view bytes, feed_json_limits const& limits = {});

}  // namespace siren
