#include "common/store_worker.h"

#include "core/base/verify.h"

namespace siren {

store_worker::store_worker() : thread_{[this] { run(); }} {}

store_worker::~store_worker() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool store_worker::idle() {
  std::lock_guard const lock{mutex_};
  return !busy_;
}

void store_worker::submit(std::function<void()> job) {
  {
    std::lock_guard const lock{mutex_};
    verify(!busy_, "the store worker has one job at a time");
    busy_ = true;
    job_ = std::move(job);
  }
  changed_.notify_all();
}

bool store_worker::wait_idle(milliseconds at_most) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, at_most, [this] { return !busy_; });
}

void store_worker::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    changed_.wait(lock, [this] { return busy_ || stopping_; });
    if (!busy_) return;
    auto const job = std::move(job_);
    lock.unlock();
    job();
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace siren
