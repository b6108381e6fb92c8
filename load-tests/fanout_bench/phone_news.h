#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/time.h"

namespace siren::fanout {

/// What a siren.alerts.v1.WatchAlertsResponse says, as far as a check of delivery needs it. The numbers are those of
/// its oneof.
enum class news_kind : std::uint8_t {
  none = 0,
  snapshot = 1,
  continuation = 2,
  alert = 3,
  heartbeat = 4,
  guidance = 5,
  go_away = 6,
  provisional = 7
};

struct phone_news {
  news_kind kind = news_kind::none;
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;                    // of the cursor; of a heartbeat: covered_seq
  std::uint64_t previous_in_zone = 0;       // of an alert
  std::optional<wall_time> published;       // of an alert: observation_received_time
  std::optional<milliseconds> back_within;  // of a heartbeat or go-away
};

/// Reads the few fields straight from the bytes: thousands of phones share a core with the servers they measure.
/// Absent: not such a message.
[[nodiscard]] std::optional<phone_news> read_news(std::string_view bytes);

}  // namespace siren::fanout
