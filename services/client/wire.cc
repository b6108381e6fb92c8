#include "client/wire.h"

#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"

namespace siren::client {
namespace {

milliseconds to_ms(google::protobuf::Duration const& from) {
  return std::chrono::duration_cast<milliseconds>(from_proto(from));
}

}  // namespace

stream_entry from_wire(alerts::v1::LoggedAlert const& from) {
  stream_entry to;
  to.at = from_proto(from.cursor());
  to.zone = zone_id{from.alert().zone_id()};
  to.alert = alert_id{from.alert().alert_id()};
  to.rev = from.alert().rev();
  to.ended = from.alert().stage() == zones::v1::STAGE_ALL_CLEAR;
  to.previous_seq_in_zone = from.previous_seq_in_zone();
  return to;
}

phone_snapshot from_wire(alerts::v1::Snapshot const& from) {
  phone_snapshot to;
  to.at = from_proto(from.cursor());
  for (auto const& zone : from.zones()) to.zones.emplace_back(zone.zone_id());
  for (auto const& alert : from.alerts()) to.alerts.push_back(from_wire(alert));
  return to;
}

heartbeat from_wire(alerts::v1::Heartbeat const& from) {
  heartbeat to;
  if (from.has_head()) to.head = from_proto(from.head());
  to.covered_seq = from.covered_seq();
  to.interval = to_ms(from.interval());
  // A state that we don't know is no reason to be calm.
  auto const known = from.picture() == alerts::v1::PICTURE_STATE_LIVE ||
                     from.picture() == alerts::v1::PICTURE_STATE_DEGRADED ||
                     from.picture() == alerts::v1::PICTURE_STATE_LOST;
  to.picture = known ? static_cast<picture_state>(from.picture()) : picture_state::unknown;
  return to;
}

phone_go_away from_wire(alerts::v1::GoAway const& from) {
  return {to_ms(from.retry_within()), from.terminal()};
}

}  // namespace siren::client
