#include "client/timers.h"

namespace siren::client {

timers::timers() {
  thread_ = std::thread{[this] { run(); }};
}

timers::~timers() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void timers::at(steady_time when, act what) {
  bool first = false;
  {
    std::lock_guard const lock{mutex_};
    auto const added = waiting_.emplace(when, std::move(what));
    first = added == waiting_.begin();
  }
  if (first) wake_.notify_all();
}

void timers::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    if (waiting_.empty()) {
      wake_.wait(lock);
      continue;
    }
    auto const due = waiting_.begin();
    if (due->first > std::chrono::steady_clock::now()) {
      wake_.wait_until(lock, due->first);
      continue;
    }
    auto const what = std::move(due->second);
    waiting_.erase(due);
    lock.unlock();
    what();
    lock.lock();
  }
}

}  // namespace siren::client
