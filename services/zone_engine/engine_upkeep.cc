#include "zone_engine/engine_upkeep.h"

#include <utility>

#include "common/clock.h"
#include "common/log.h"

namespace siren {

engine_upkeep::engine_upkeep(parts with, std::function<std::optional<picture_state>()> picture,
                             zone_engine_limits const& limits)
    : with_{with}, picture_{std::move(picture)}, limits_{limits} {
  thread_ = std::thread{[this] { run(); }};
}

engine_upkeep::~engine_upkeep() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void engine_upkeep::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    lock.unlock();
    round();
    lock.lock();
    wake_.wait_for(lock, limits_.beat_interval, [this] { return stopping_; });
  }
  lock.unlock();
  empty_outbox();
}

void engine_upkeep::round() {
  if (auto const picture = picture_()) static_cast<void>(with_.log.beat(*picture).ok());
  adopt_orders();
  empty_outbox();
  backlog_ = with_.publisher.take_backlog() || backlog_;
  if (!backlog_) return;
  auto entries = with_.log.unpublished(limits_.append_chunk);
  if (!entries) return;
  // A full chunk leaves more for the next round; what is on its way already is published twice, which readers ignore.
  backlog_ = entries->size() == limits_.append_chunk;
  if (entries->empty()) return;
  siren::log(log_level::info, "outbox_relayed", {{"entries", entries->size()}});
  with_.publisher.publish(*entries);
}

void engine_upkeep::adopt_orders() {
  auto all = with_.orders.all();
  if (all && !all->empty()) (void)with_.inputs.offer({adopted_orders{std::move(all).value()}, steady_now()});
}

void engine_upkeep::empty_outbox() {
  auto const fresh = with_.publisher.take_published();
  unmarked_.insert(unmarked_.end(), fresh.begin(), fresh.end());
  if (!unmarked_.empty() && with_.log.published(unmarked_)) unmarked_.clear();
}

}  // namespace siren
