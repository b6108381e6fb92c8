#pragma once

#include <cstdint>

#include "core/base/time.h"

namespace siren {

struct reconnect_policy {
  /// Believed until something was measured: a quarter of what one core takes in with stock gRPC (performance.md's
  /// 108-146 us per accept).
  std::uint32_t first_rate = 2'000;  // streams a second
  milliseconds measured_over{1'000};
  /// First words that take this long on the mean mean that more phones come than can be taken in.
  milliseconds busy_after{100};
  /// The gateways that are left take in the phones of the lost one beside their own work: half of what was measured.
  std::uint32_t share_tenths = 5;
  /// Of the newest measurement; the rest is the old one. Three busy seconds make it the new one's.
  std::uint32_t newest_tenths = 5;
  milliseconds shortest{1'000};  // phone_policy's first backoff
  milliseconds longest{60'000};  // phones obey at most this
};

/// How slowly phones should come back if this gateway is lost: its phones over the rate at which streams were really
/// taken in. Pure and not thread-safe; time never goes back.
class reconnect_window {
 public:
  explicit reconnect_window(reconnect_policy policy = {}) : policy_{policy}, rate_{policy.first_rate} {}

  /// A phone that subscribed at `asked_at` was handed its first word at `now`.
  void on_first_word(steady_time asked_at, steady_time now);
  /// Streams a second.
  [[nodiscard]] std::uint32_t rate() const { return rate_; }
  [[nodiscard]] milliseconds window(std::uint64_t phones) const;

 private:
  void close(milliseconds lasted);

  reconnect_policy policy_;
  std::uint32_t rate_;
  bool open_ = false;
  steady_time opened_at_{};
  std::uint64_t count_ = 0;
  milliseconds waited_{};
};

}  // namespace siren
