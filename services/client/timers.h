#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "core/base/time.h"

namespace siren::client {

/// One thread that calls back at steady times; thousands of phones share it. Callbacks must not block.
class timers {
 public:
  timers();
  ~timers();  // what has not been called is forgotten
  timers(timers const&) = delete;
  timers& operator=(timers const&) = delete;

  using act = std::function<void()>;
  /// Thread-safe.
  void at(steady_time when, act what);

 private:
  void run();
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::multimap<steady_time, act> waiting_;
  std::thread thread_;
};

}  // namespace siren::client
