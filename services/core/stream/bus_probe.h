#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.h"

namespace siren {

struct bus_probe_policy {
  milliseconds interval{1'000};    // architecture: the publish path is probed once a second
  milliseconds deaf_after{3'000};  // three probes lost: a silent Redis is found within 5 s
};

/// Whether what is published is also heard. A healthy connection proves nothing: after a failover a publisher on the
/// old primary has every message accepted and nobody hears it. Pure.
class bus_probe {
 public:
  explicit bus_probe(steady_time started, bus_probe_policy policy = {}) : policy_{policy}, heard_at_{started} {}

  /// The number to publish now; absent: not yet time.
  [[nodiscard]] std::optional<std::uint64_t> due(steady_time now);
  /// A probe came back. One that was never sent proves nothing.
  void on_heard(std::uint64_t number, steady_time now);
  [[nodiscard]] bool hears(steady_time now) const { return ever_heard_ && now - heard_at_ <= policy_.deaf_after; }
  /// True once per `deaf_after` of deafness: connections to the bus are to be made anew.
  [[nodiscard]] bool should_reset(steady_time now);

 private:
  bus_probe_policy policy_;
  std::optional<steady_time> sent_at_;
  std::uint64_t sent_ = 0;
  steady_time heard_at_;
  std::optional<steady_time> reset_at_;
  bool ever_heard_ = false;
};

}  // namespace siren
