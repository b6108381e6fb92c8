#pragma once

#include "core/stream/heartbeat.h"
#include "core/stream/phone.h"
#include "siren/alerts/v1/alert_service.pb.h"

namespace siren::client {

/// What the phone's rules need of each message.
[[nodiscard]] stream_entry from_wire(alerts::v1::LoggedAlert const& from);
[[nodiscard]] provisional_entry from_wire(alerts::v1::ProvisionalAlert const& from);
[[nodiscard]] phone_snapshot from_wire(alerts::v1::Snapshot const& from);
[[nodiscard]] heartbeat from_wire(alerts::v1::Heartbeat const& from);
[[nodiscard]] phone_go_away from_wire(alerts::v1::GoAway const& from);

}  // namespace siren::client
