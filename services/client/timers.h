#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "core/base/time.h"

namespace siren::client {

/// One thread that calls back at steady times; thousands of phones share it. Callbacks must not block. What is urgent
/// goes before everything else that is due: opening a connection takes a millisecond, and when a thousand phones come
/// back at once, those that must say "not current" can't wait for it.
class timers {
 public:
  timers();
  ~timers();  // what has not been called is forgotten
  timers(timers const&) = delete;
  timers& operator=(timers const&) = delete;

  using act = std::function<void()>;
  enum class urgency : std::uint8_t { urgent, can_wait };
  /// Thread-safe.
  void at(steady_time when, urgency how, act what);

 private:
  void run();
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  using queue = std::multimap<steady_time, act>;
  [[nodiscard]] queue* due(steady_time now);
  queue urgent_;
  queue others_;
  std::thread thread_;
};

}  // namespace siren::client
