#include "zone_engine/inbox.h"

#include <utility>

namespace siren {

bool inbox::offer(engine_input input) {
  {
    std::lock_guard const lock{mutex_};
    if (waiting_.size() >= limit_) return false;
    waiting_.push_back(std::move(input));
  }
  came_.notify_one();
  return true;
}

std::vector<engine_input> inbox::take(steady_time until) {
  std::unique_lock lock{mutex_};
  came_.wait_until(lock, until, [this] { return woken_ || !waiting_.empty(); });
  woken_ = false;
  return std::exchange(waiting_, {});
}

void inbox::wake() {
  {
    std::lock_guard const lock{mutex_};
    woken_ = true;
  }
  came_.notify_one();
}

void inbox::wait_woken(steady_time until) {
  std::unique_lock lock{mutex_};
  came_.wait_until(lock, until, [this] { return woken_; });
  woken_ = false;
}

}  // namespace siren
