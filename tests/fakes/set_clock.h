#pragma once

#include <atomic>

#include "common/clock.h"

namespace siren {

/// World time that stands until it is set. Thread-safe.
class set_clock final : public world_clock {
 public:
  explicit set_clock(utc_time at) { set(at); }
  [[nodiscard]] utc_time now() const override { return utc_time{microseconds{at_.load()}}; }
  void set(utc_time at) { at_ = at.time_since_epoch().count(); }

 private:
  std::atomic<microseconds::rep> at_{0};
};

}  // namespace siren
