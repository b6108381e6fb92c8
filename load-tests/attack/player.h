#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "attack/timeline.h"
#include "common/clock.h"

namespace siren::attack {

struct feed_counts {
  std::uint64_t sent = 0;
  std::uint64_t accepted = 0;
  std::uint64_t observations = 0;                // accepted ones, launches too
  std::uint64_t region_alarms = 0;               // accepted ones
  std::map<std::string, std::uint64_t> refused;  // by reason
};

/// Plays a timeline against threat_ingest as real feeds would: one gRPC stream each, paced by the scenario's clock, a
/// beat every second, unanswered records sent again after a broken stream. Threads of its own; stop() or the destructor
/// ends them.
class player {
 public:
  /// Records due before `from` are left out.
  player(std::string ingest_address, timeline const& what, world_clock const& clock, utc_time from = utc_time::min());
  ~player();

  void stop();
  [[nodiscard]] bool finished() const { return running_feeds_ == 0; }
  [[nodiscard]] feed_counts counts() const;

 private:
  struct feed;
  void run(feed& one);
  bool play(feed& one);

  std::string address_;
  timeline const& timeline_;
  world_clock const& clock_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> running_feeds_{0};
  mutable std::mutex mutex_;
  feed_counts counts_;
  std::vector<std::unique_ptr<feed>> feeds_;
};

}  // namespace siren::attack
