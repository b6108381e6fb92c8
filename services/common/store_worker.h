#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "core/base/time.h"

namespace siren {

/// One thread that does what may wait for the store, one job at a time, so that a store that hangs can't hold up
/// warnings.
class store_worker {
 public:
  store_worker();
  ~store_worker();  // waits for the running job
  store_worker(store_worker const&) = delete;
  store_worker& operator=(store_worker const&) = delete;

  [[nodiscard]] bool idle();
  /// Only while idle. What `job` writes may be read once this is idle again.
  void submit(std::function<void()> job);
  /// Whether it became idle in time.
  [[nodiscard]] bool wait_idle(milliseconds at_most);

 private:
  void run();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> job_;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace siren
