#pragma once

#include <atomic>

#include "feed_adapters/feed_line.h"
#include "feed_adapters/recording.h"

namespace siren {

struct replay_plan {
  /// Moves every time, so that the first record happens when the replay begins.
  bool from_now = false;
  /// As fast as ingest answers, instead of each at its time by the clock. For alarms, which have no maximum age.
  bool at_once = false;
};

/// Shifts the times of a record.
void shift(recorded& one, microseconds by);

/// Sends a recording in order. Its speed is the clock's rate, the instance's. True when everything was answered; false
/// when stopped. A record that is late is sent at once.
[[nodiscard]] bool play(recording const& what, replay_plan const& plan, world_clock const& clock, feed_line& line,
                        std::atomic<bool> const& stopping);

/// Every source of a recording, official where it declares alarms.
[[nodiscard]] std::vector<threats::v1::FeedBeat> beats_of(recording const& what);

}  // namespace siren
