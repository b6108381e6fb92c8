#include "zone_engine/alert_publisher.h"

#include <utility>

#include "common/convert/alert_convert.h"
#include "common/log.h"
#include "zone_engine/convert.h"

namespace siren {

alert_publisher::alert_publisher(bus& to, alert_channels channels, std::size_t limit, engine_metrics& counts)
    : to_{to}, channels_{std::move(channels)}, limit_{limit}, counts_{counts} {
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

void alert_publisher::publish(std::vector<alert_entry> const& entries) {
  for (auto const& entry : entries) {
    auto const message = logged_alert_of(entry);
    cursor const place{entry.epoch, entry.seq};
    if (message) {
      add({place, message->SerializeAsString()});
      continue;
    }
    // Nobody could read it: taken out of the outbox, or it would come back for ever.
    log(log_level::error, "alert_unreadable", {{"seq", entry.seq}, {"zone", entry.zone.value}});
    std::lock_guard const lock{mutex_};
    published_.push_back(place);
  }
}

void alert_publisher::publish_provisional(alert_append const& decided, cursor after) {
  auto const message = provisional_of(decided, after);
  if (message) add({std::nullopt, message->SerializeAsString()});
}

void alert_publisher::add(outbound what) {
  {
    std::lock_guard const lock{mutex_};
    waiting_.push_back(std::move(what));
    if (waiting_.size() > limit_) {
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
    auto const next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    auto const taken = to_.publish(next.place ? channels_.logged : channels_.provisional, next.bytes);
    lock.lock();
    if (taken) {
      if (next.place) published_.push_back(*next.place);
      continue;
    }
    counts_.publish_failed();
    waiting_.clear();
    backlog_ = true;
    if (stopping_) return;
  }
}

}  // namespace siren
