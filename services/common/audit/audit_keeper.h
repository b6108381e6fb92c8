#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "common/audit/audit.h"
#include "core/base/time.h"

namespace siren {

/// Writes to the record beside the work, in order: a store that is away or slow holds up no alarm. What waits is in
/// memory only, and in the service's log as `recorded`. Thread-safe.
class audit_keeper {
 public:
  struct limits {
    std::size_t most_waiting = 10'000;  // then the oldest goes, counted as lost
    milliseconds patience{300};         // an insert takes a few; then the caller goes on
    milliseconds retry{500};
    milliseconds last_try{1'000};  // when it ends
  };
  explicit audit_keeper(audit_writer& to) : audit_keeper(to, limits{}) {}
  audit_keeper(audit_writer& to, limits bounds);
  ~audit_keeper();
  audit_keeper(audit_keeper const&) = delete;
  audit_keeper& operator=(audit_keeper const&) = delete;

  /// True: it is durable. False: the store did not answer in time; it is written when it does.
  bool note(audit_entry entry);
  [[nodiscard]] std::uint64_t lost();

 private:
  void run();
  audit_writer& to_;
  limits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<audit_entry> waiting_;
  std::uint64_t came_ = 0;     // ever
  std::uint64_t settled_ = 0;  // written or lost
  std::uint64_t lost_ = 0;
  bool stopping_ = false;
  steady_time give_up_at_{};
  std::thread thread_;
};

}  // namespace siren
