#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "common/pg_store.h"
#include "fault_rig/phone_journal.h"

namespace siren::faults {

/// Notes when each place of the log could first be read by others: a commit that hangs, or that comes to light after a
/// crash, is in the log only then, whatever time it bears. A thread of its own.
class head_watch {
 public:
  explicit head_watch(std::string const& dsn);
  ~head_watch();
  head_watch(head_watch const&) = delete;
  head_watch& operator=(head_watch const&) = delete;

  /// Entries get the time at which they could be read, if that is later than the one they bear.
  void correct(whole_log& log) const;

 private:
  void run();

  pg_store store_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, wall_time> seen_;  // epoch and sequence of the head
  std::thread thread_;
};

}  // namespace siren::faults
