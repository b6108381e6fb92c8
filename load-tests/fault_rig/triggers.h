#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/clock.h"
#include "core/base/ids.h"
#include "core/base/mode.h"

namespace siren::faults {

/// Triggers that were acknowledged, to be looked for afterwards.
struct acknowledged {
  std::set<std::string> alarms;     // native ids of official alarms
  std::vector<std::string> orders;  // request ids, the newest last
  [[nodiscard]] std::uint64_t count() const { return alarms.size() + orders.size(); }
};

/// An official channel that starts and ends the alarm of one region every two seconds, and an operator who orders and
/// withdraws alarms in one zone, without end. Only what was accepted counts; what was refused is not sent again.
/// Threads of its own.
class triggers {
 public:
  struct plan {
    std::string ingest;                // address
    std::vector<std::string> engines;  // addresses; whichever leads
    zone_id region;
    zone_id zone;
  };
  triggers(plan what, world_clock const& clock);
  ~triggers();
  void stop();
  [[nodiscard]] acknowledged so_far() const;
  /// Orders that nobody acknowledged.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  void declare();
  void declare_on_one_stream(std::uint64_t& number);
  void order();
  void pause(milliseconds time);

  plan plan_;
  world_clock const& clock_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> refused_{0};
  mutable std::mutex mutex_;
  acknowledged acknowledged_;
  std::thread official_;
  std::thread operator_;
};

}  // namespace siren::faults
