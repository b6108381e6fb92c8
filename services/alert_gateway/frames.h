#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "common/clock.h"
#include "core/base/mode.h"
#include "core/stream/phone_session.h"
#include "core/zone/zone_map.h"
#include "siren/alerts/v1/alert.pb.h"

namespace siren {

using frame = std::shared_ptr<std::string const>;

/// The board's encoder: `entry.bytes` holds a siren.alerts.v1.Alert and becomes a whole WatchAlertsResponse, shared by
/// every stream.
[[nodiscard]] frame encode_entry(stream_entry const& entry);
/// A whole WatchAlertsResponse, shared by every stream.
[[nodiscard]] frame encode_provisional(alerts::v1::ProvisionalAlert const& one);

/// Turns what a session wants to say into a WatchAlertsResponse. Snapshots of the same zones at the same cursor and
/// equal heartbeats within `kSharedFor` are encoded once. Thread-safe.
class frame_maker {
 public:
  /// A shared heartbeat's now_time may be this old: far below any interval, and a storm's heartbeats cost one encoding.
  static constexpr milliseconds kSharedFor{100};

  frame_maker(zone_map const& zones, world serves, world_clock const& clock)
      : zones_{zones}, serves_{serves}, clock_{clock} {}
  [[nodiscard]] frame bytes_of(stream_send const& what, steady_time now);

 private:
  [[nodiscard]] frame of(send_snapshot const& whole);
  [[nodiscard]] frame of(heartbeat const& beat, steady_time now);

  zone_map const& zones_;
  world serves_;
  world_clock const& clock_;
  std::mutex mutex_;
  cursor snapshots_at_;
  std::uint64_t snapshots_turn_ = 0;
  std::map<std::vector<zone_id>, frame> snapshots_;  // at that place and that turn of the provisional alerts
  heartbeat last_beat_;
  steady_time beat_made_at_{};
  frame beat_;
};

}  // namespace siren
