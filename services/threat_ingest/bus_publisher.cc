#include "threat_ingest/bus_publisher.h"

namespace siren {

bus_publisher::bus_publisher(bus& to, std::string channel, instruments& counts)
    : bus_{to}, channel_{std::move(channel)}, counts_{counts}, thread_{[this] { run(); }} {}

bus_publisher::~bus_publisher() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  filled_.notify_all();
  thread_.join();
}

void bus_publisher::publish(std::string bytes) {
  {
    std::lock_guard const lock{mutex_};
    if (waiting_.size() >= kMaxWaiting) {
      waiting_.pop_front();
      counts_.bus_failures.Increment();
    }
    waiting_.push_back(std::move(bytes));
  }
  filled_.notify_one();
}

void bus_publisher::run() {
  std::unique_lock lock{mutex_};
  while (true) {
    filled_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto const bytes = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    auto const heard = bus_.publish(channel_, bytes);
    lock.lock();
    if (heard) continue;
    counts_.bus_failures.Increment(static_cast<double>(1 + waiting_.size()));
    waiting_.clear();
    if (stopping_) return;
  }
}

}  // namespace siren
