#include "alert_gateway/frames.h"

#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"
#include "siren/alerts/v1/alert_service.pb.h"

namespace siren {
namespace {

/// Phones with one list of zones are many, lists are few; beyond this the lists are strange and not worth memory.
constexpr std::size_t kSnapshotsKept = 4'096;

frame encoded(alerts::v1::WatchAlertsResponse const& from) {
  return std::make_shared<std::string const>(from.SerializeAsString());
}

frame of(send_continuation const& from) {
  alerts::v1::WatchAlertsResponse to;
  to_proto(from.at, to.mutable_continuation()->mutable_cursor());
  return encoded(to);
}

frame of(send_go_away const& from) {
  alerts::v1::WatchAlertsResponse to;
  to.mutable_go_away()->set_reason(std::string{name_of(from.why)});
  to_proto(from.retry_within, to.mutable_go_away()->mutable_retry_within());
  to.mutable_go_away()->set_terminal(from.terminal);
  return encoded(to);
}

}  // namespace

frame encode_entry(stream_entry const& entry) {
  alerts::v1::WatchAlertsResponse to;
  auto* logged = to.mutable_alert();
  to_proto(entry.at, logged->mutable_cursor());
  logged->set_previous_seq_in_zone(entry.previous_seq_in_zone);
  verify(logged->mutable_alert()->ParseFromString(*entry.bytes), "an entry's alert was checked when it came in");
  return encoded(to);
}

frame encode_provisional(alerts::v1::ProvisionalAlert const& one) {
  alerts::v1::WatchAlertsResponse to;
  *to.mutable_provisional() = one;
  return encoded(to);
}

frame encode_beyond_a_gap(provisional_entry const& one, std::string const& alert) {
  alerts::v1::ProvisionalAlert to;
  verify(to.mutable_alert()->ParseFromString(alert), "an entry's alert was checked when it came in");
  to_proto(one.after, to.mutable_after());
  return encode_provisional(to);
}

frame frame_maker::bytes_of(stream_send const& what) {
  if (auto const* alert = std::get_if<send_alert>(&what)) return alert->entry->bytes;
  if (auto const* waits = std::get_if<send_provisional>(&what)) return waits->entry->bytes;
  if (auto const* beat = std::get_if<heartbeat>(&what)) return of(*beat);
  if (auto const* told = std::get_if<send_guidance>(&what)) return told->bytes;
  if (auto const* whole = std::get_if<send_snapshot>(&what)) return of(*whole);
  if (auto const* from = std::get_if<send_continuation>(&what)) return siren::of(*from);
  return siren::of(std::get<send_go_away>(what));
}

frame frame_maker::of(send_snapshot const& whole) {
  {
    std::lock_guard const lock{mutex_};
    auto const found = snapshots_.find(whole.zones);
    if (snapshots_at_ == whole.at && snapshots_turn_ == whole.shelf_turn && found != snapshots_.end())
      return found->second;
  }
  alerts::v1::WatchAlertsResponse to;
  auto* snapshot = to.mutable_snapshot();
  to_proto(whole.at, snapshot->mutable_cursor());
  for (auto const& id : whole.zones)
    if (auto const* zone = zones_.find(id)) to_proto(*zone, snapshot->add_zones());
  for (auto const& entry : whole.alerts) {
    alerts::v1::WatchAlertsResponse one;
    verify(one.ParseFromString(*entry->bytes), "an entry's bytes are our own");
    *snapshot->add_alerts() = std::move(*one.mutable_alert());
  }
  for (auto const& waits : whole.provisional) {
    alerts::v1::WatchAlertsResponse one;
    verify(one.ParseFromString(*waits->bytes), "a provisional alert's bytes are our own");
    *snapshot->add_provisional() = std::move(*one.mutable_provisional());
  }
  snapshot->set_world(to_proto(serves_));
  auto made = encoded(to);
  std::lock_guard const lock{mutex_};
  if (snapshots_at_ != whole.at || snapshots_turn_ != whole.shelf_turn || snapshots_.size() >= kSnapshotsKept)
    snapshots_.clear();
  snapshots_at_ = whole.at;
  snapshots_turn_ = whole.shelf_turn;
  snapshots_[whole.zones] = made;
  return made;
}

frame frame_maker::of(heartbeat const& beat) const {
  alerts::v1::WatchAlertsResponse to;
  auto* said = to.mutable_heartbeat();
  if (beat.head) to_proto(*beat.head, said->mutable_head());
  said->set_covered_seq(beat.covered_seq);
  to_proto(microseconds{beat.interval}, said->mutable_interval());
  to_proto(microseconds{beat.reconnect_within}, said->mutable_reconnect_within());
  said->set_picture(to_proto(beat.picture));
  to_proto(clock_.now(), said->mutable_now_time());
  if (beat.since_subscribe) to_proto(microseconds{*beat.since_subscribe}, said->mutable_since_subscribe());
  if (beat.head_age) to_proto(microseconds{*beat.head_age}, said->mutable_head_age());
  return encoded(to);
}

}  // namespace siren
