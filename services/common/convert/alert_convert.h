#pragma once

#include "common/alert_log/alert_log.h"
#include "core/alert/alert.h"
#include "core/base/mode.h"
#include "core/stream/cursor.h"
#include "core/zone/zone.h"
#include "siren/alerts/v1/alert.pb.h"
#include "siren/alerts/v1/alert_service.pb.h"
#include "siren/zones/v1/zone.pb.h"

namespace siren {

[[nodiscard]] zones::v1::Stage to_proto(stage from);
/// Failure: MISSING_FIELD when unspecified, MALFORMED when unknown; likewise for every enumeration below.
[[nodiscard]] result<stage> from_proto(zones::v1::Stage from);

/// Names, kind, parent and population; the shape stays behind.
void to_proto(zone const& from, zones::v1::Zone* to);
/// Failure: MISSING_FIELD (zone_id, kind), MALFORMED. Without shape.
[[nodiscard]] result<zone> from_proto(zones::v1::Zone const& from);

void to_proto(threat const& from, zones::v1::Threat* to);
/// Failure: as for enumerations; MALFORMED when the chance is no probability or the interval is not in order.
[[nodiscard]] result<threat> from_proto(zones::v1::Threat const& from);

/// What core decided, the world it belongs to, and the words of it for people: of the zone's names and as of `now`.
void to_proto(alert const& from, zone const& place, world belongs_to, utc_time now, alerts::v1::Alert* to);
/// What core decides on; the words are left out. Failure: MISSING_FIELD (alert_id, zone_id, rev, stage), MALFORMED.
[[nodiscard]] result<alert> from_proto(alerts::v1::Alert const& from);

void to_proto(cursor from, alerts::v1::Cursor* to);
[[nodiscard]] cursor from_proto(alerts::v1::Cursor const& from);

[[nodiscard]] alerts::v1::PictureState to_proto(picture_state from);

/// A log entry as it goes over the bus and to phones; previous_seq_in_zone is left 0. Failure: MALFORMED bytes.
[[nodiscard]] result<alerts::v1::LoggedAlert> logged_alert_of(alert_entry const& entry);

}  // namespace siren
