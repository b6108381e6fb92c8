#include "zone_engine/alert_publisher.h"

#include <iterator>
#include <utility>

#include "common/convert/alert_convert.h"
#include "common/log.h"

namespace siren {

alert_publisher::alert_publisher(bus& to, std::string channel, std::size_t limit, engine_metrics& counts)
    : to_{to}, channel_{std::move(channel)}, limit_{limit}, counts_{counts} {
  thread_ = std::thread{[this] { run(); }};
}

alert_publisher::~alert_publisher() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  came_.notify_one();
  thread_.join();
}

void alert_publisher::publish(std::vector<alert_entry> entries) {
  {
    std::lock_guard const lock{mutex_};
    std::move(entries.begin(), entries.end(), std::back_inserter(waiting_));
    while (waiting_.size() > limit_) {
      waiting_.pop_front();
      backlog_ = true;
    }
  }
  came_.notify_one();
}

std::vector<cursor> alert_publisher::take_published() {
  std::lock_guard const lock{mutex_};
  return std::exchange(published_, {});
}

bool alert_publisher::take_backlog() {
  std::lock_guard const lock{mutex_};
  return std::exchange(backlog_, false);
}

void alert_publisher::run() {
  std::unique_lock lock{mutex_};
  for (;;) {
    came_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto const entry = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    auto const taken = put_on_bus(entry);
    lock.lock();
    if (taken) {
      published_.push_back({entry.epoch, entry.seq});
    } else {
      backlog_ = true;
      if (stopping_) return;
    }
  }
}

bool alert_publisher::put_on_bus(alert_entry const& entry) {
  auto const message = logged_alert_of(entry);
  if (!message) {
    // Nobody could read it: taken out of the outbox, or it would come back for ever.
    log(log_level::error, "alert_unreadable", {{"seq", entry.seq}, {"zone", entry.zone.value}});
    return true;
  }
  auto const done = to_.publish(channel_, message->SerializeAsString());
  if (done) return true;
  counts_.publish_failed();
  return false;
}

}  // namespace siren
