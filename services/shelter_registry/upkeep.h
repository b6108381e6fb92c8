#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "common/clock.h"
#include "common/metrics.h"
#include "shelter_registry/adapters/pg_shelter_store.h"
#include "shelter_registry/call_outcomes.h"

namespace siren {

struct upkeep_options {
  milliseconds look_every{1'000};    // how soon health tells that the database is gone or back
  std::uint32_t forget_every = 600;  // looks; ten minutes
  hours remember_requests{24};       // contract of request_id
  std::uint32_t judge_every = 30;    // looks; half a minute: the shortest-lived sign counts for ten
  int history_days = 31;             // our choice: a month of raids to learn from
};

/// Looks at the database on a thread of its own: tells health, shows the newest change number, forgets old requests,
/// judges anew where signs grew old, makes and drops partitions of the history. What it is given must outlive it.
class upkeep {
 public:
  upkeep(pg_shelter_store& store, world_clock& clock, announcer const& announcements, metrics& counts,
         std::function<void(bool ready)> tell_health, upkeep_options const& options = {});
  ~upkeep();

 private:
  void run();
  void look();

  pg_shelter_store& store_;
  world_clock& clock_;
  announcer const& announcements_;
  metrics& counts_;
  std::function<void(bool)> tell_health_;
  upkeep_options options_;
  std::uint32_t looks_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
