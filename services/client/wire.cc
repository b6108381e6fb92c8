#include "client/wire.h"

#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"

namespace siren::client {
namespace {

/// A stage that we don't know is no reason to be calm.
stage level_of(zones::v1::Stage from) {
  auto const known = siren::from_proto(from);
  return known ? *known : stage::take_cover;
}

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
  to.level = level_of(from.alert().stage());
  to.previous_seq_in_zone = from.previous_seq_in_zone();
  return to;
}

provisional_entry from_wire(alerts::v1::ProvisionalAlert const& from) {
  provisional_entry to;
  to.zone = zone_id{from.alert().zone_id()};
  to.alert = alert_id{from.alert().alert_id()};
  to.rev = from.alert().rev();
  to.level = level_of(from.alert().stage());
  to.after = from_proto(from.after());
  return to;
}

phone_snapshot from_wire(alerts::v1::Snapshot const& from) {
  phone_snapshot to;
  to.at = from_proto(from.cursor());
  for (auto const& zone : from.zones()) to.zones.emplace_back(zone.zone_id());
  for (auto const& alert : from.alerts()) to.alerts.push_back(from_wire(alert));
  for (auto const& waits : from.provisional()) to.provisional.push_back(from_wire(waits));
  return to;
}

heartbeat from_wire(alerts::v1::Heartbeat const& from) {
  heartbeat to;
  if (from.has_head()) to.head = from_proto(from.head());
  to.covered_seq = from.covered_seq();
  to.interval = to_ms(from.interval());
  to.reconnect_within = to_ms(from.reconnect_within());
  if (from.has_since_subscribe()) to.since_subscribe = to_ms(from.since_subscribe());
  if (from.has_head_age()) to.head_age = to_ms(from.head_age());
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
