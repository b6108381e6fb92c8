#include "shelter_registry/upkeep.h"

#include <prometheus/gauge.h>

#include "common/log.h"

namespace siren {

upkeep::upkeep(pg_shelter_store& store, metrics& counts, std::function<void(bool)> tell_health,
               upkeep_options const& options)
    : store_{store}, counts_{counts}, tell_health_{std::move(tell_health)}, options_{options} {
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
  if (looks_++ % options_.forget_every != 0) return;
  auto const forgotten = store_.forget_requests(options_.remember_requests);
  if (forgotten && *forgotten > 0) log(log_level::info, "requests_forgotten", {{"count", *forgotten}});
}

}  // namespace siren
