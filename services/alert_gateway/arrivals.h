#pragma once

#include <atomic>
#include <mutex>

#include "core/stream/reconnect_window.h"

namespace siren {

/// How fast phones are taken in, measured over all streams, and what they are told of it. Thread-safe.
class arrivals {
 public:
  explicit arrivals(reconnect_policy policy) : measured_{policy}, window_{policy.shortest} {}

  void on_first_word(steady_time asked_at, steady_time now) {
    std::lock_guard const lock{mutex_};
    measured_.on_first_word(asked_at, now);
  }
  /// Works the window out anew; between two calls all heartbeats say the same, so that they can share their bytes.
  void count(std::uint64_t phones) {
    std::lock_guard const lock{mutex_};
    window_ = measured_.window(phones);
  }
  [[nodiscard]] milliseconds window() const { return window_; }

 private:
  std::mutex mutex_;
  reconnect_window measured_;
  std::atomic<milliseconds> window_;
};

}  // namespace siren
