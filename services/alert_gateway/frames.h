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
/// Likewise; `alert` holds a siren.alerts.v1.Alert.
[[nodiscard]] frame encode_beyond_a_gap(provisional_entry const& one, std::string const& alert);

/// Turns what a session wants to say into a WatchAlertsResponse. Snapshots of the same zones at the same cursor are
/// encoded once. Thread-safe.
class frame_maker {
 public:
  frame_maker(zone_map const& zones, world serves, world_clock const& clock)
      : zones_{zones}, serves_{serves}, clock_{clock} {}
  [[nodiscard]] frame bytes_of(stream_send const& what);

 private:
  [[nodiscard]] frame of(send_snapshot const& whole);
  [[nodiscard]] frame of(heartbeat const& beat) const;

  zone_map const& zones_;
  world serves_;
  world_clock const& clock_;
  std::mutex mutex_;
  cursor snapshots_at_;
  std::uint64_t snapshots_turn_ = 0;
  std::map<std::vector<zone_id>, frame> snapshots_;  // at that place and that turn of the provisional alerts
};

}  // namespace siren
