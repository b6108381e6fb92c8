#include "shelter_registry/upkeep.h"

#include <prometheus/gauge.h>

#include "common/log.h"

namespace siren {

upkeep::upkeep(pg_shelter_store& store, world_clock& clock, announcer const& announcements, metrics& counts,
               std::function<void(bool)> tell_health, upkeep_options const& options)
    : store_{store},
      clock_{clock},
      announcements_{announcements},
      counts_{counts},
      tell_health_{std::move(tell_health)},
      options_{options} {
  thread_ = std::thread{[this] { run(); }};
}

upkeep::~upkeep() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void upkeep::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    lock.unlock();
    look();
    lock.lock();
    wake_.wait_for(lock, options_.look_every, [this] { return stopping_; });
  }
}

void upkeep::look() {
  auto const head = store_.head();
  tell_health_(head.ok());
  if (!head) return;
  counts_.gauge("siren_shelter_change_head", "The registry's newest change number").Set(static_cast<double>(*head));
  auto const look = looks_++;
  if (look % options_.judge_every == 0) {
    auto const judged = store_.judge_again(clock_.now());
    if (judged) announcements_.tell(*judged);
  }
  if (look % options_.forget_every != 0) return;
  if (auto const kept = store_.keep_history(clock_.now(), options_.history_days); !kept)
    log(log_level::warn, "history_not_kept", {{"error", kept.error().message}});
  auto const forgotten = store_.forget_requests(options_.remember_requests);
  if (forgotten && *forgotten > 0) log(log_level::info, "requests_forgotten", {{"count", *forgotten}});
}

}  // namespace siren
