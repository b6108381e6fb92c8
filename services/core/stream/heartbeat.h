#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.h"
#include "core/stream/cursor.h"
#include "core/stream/picture_state.h"

namespace siren {

/// What one heartbeat says (siren.alerts.v1.Heartbeat).
struct heartbeat {
  /// Read from the log itself; absent while the log can't be read.
  std::optional<cursor> head;
  /// The stream has sent everything for the phone's zones up to here.
  std::uint64_t covered_seq = 0;
  milliseconds interval{};
  picture_state picture = picture_state::unknown;
  /// After a break without a go-away: come back at a random time within this.
  milliseconds reconnect_within{};
  /// Said so long after the phone's Subscribe arrived; absent: an older gateway.
  std::optional<milliseconds> since_subscribe{};
  /// The head was read so long before; absent: an older gateway.
  std::optional<milliseconds> head_age{};
  friend bool operator==(heartbeat const&, heartbeat const&) = default;
};

}  // namespace siren
