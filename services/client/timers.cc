#include "client/timers.h"

#include <algorithm>
#include <optional>

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

void timers::at(steady_time when, urgency how, act what) {
  bool first = false;
  {
    std::lock_guard const lock{mutex_};
    auto& in = how == urgency::urgent ? urgent_ : others_;
    auto const added = in.emplace(when, std::move(what));
    first = added == in.begin();
  }
  if (first) wake_.notify_all();
}

timers::queue* timers::due(steady_time now) {
  for (auto* each : {&urgent_, &others_})
    if (!each->empty() && each->begin()->first <= now) return each;
  return nullptr;
}

void timers::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    if (auto* const from = due(std::chrono::steady_clock::now())) {
      auto const what = std::move(from->begin()->second);
      from->erase(from->begin());
      lock.unlock();
      what();
      lock.lock();
      continue;
    }
    std::optional<steady_time> next;
    for (auto const* each : {&urgent_, &others_})
      if (!each->empty()) next = std::min(next.value_or(each->begin()->first), each->begin()->first);
    if (next)
      wake_.wait_until(lock, *next);
    else
      wake_.wait(lock);
  }
}

}  // namespace siren::client
