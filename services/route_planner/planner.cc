#include "route_planner/planner.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include "common/log.h"

namespace siren {

planner::planner(parts with) : parts_{std::move(with)}, next_version_{parts_.first_version} {}

void planner::start() {
  thread_ = std::thread{[this] { run(); }};
}

planner::~planner() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void planner::poke() {
  {
    std::lock_guard const lock{mutex_};
    poked_ = true;
  }
  wake_.notify_all();
}

std::shared_ptr<published_plan const> planner::current() const {
  std::lock_guard const lock{mutex_};
  return current_;
}

void planner::run() {
  while (true) {
    ask();
    std::unique_lock lock{mutex_};
    wake_.wait_for(lock, parts_.ask_every, [this] { return poked_ || stopping_; });
    if (stopping_) return;
    poked_ = false;
  }
}

void planner::ask() {
  auto answer = parts_.shelters.changes_after(covered_);
  auto const put_back = answer && answer->head < covered_;
  if (put_back) answer = parts_.shelters.changes_after(0);
  if (!answer) {
    log(log_level::warn, "registry_silent", {{"error", answer.error().message}});
    return;
  }
  if (put_back) shelters_.clear();
  for (auto const& changed : answer->changed) shelters_[changed.id] = changed;
  covered_ = answer->head;
  if (current() == nullptr || put_back || !answer->changed.empty()) make();
}

void planner::make() {
  auto const begin = std::chrono::steady_clock::now();
  std::vector<shelter> all;
  all.reserve(shelters_.size());
  for (auto const& [id, one] : shelters_) all.push_back(one);
  auto made = make_plan(*parts_.streets, *parts_.snap, all, parts_.policy, next_version_++);
  auto const bytes = write_plan(made.now);
  auto published = std::make_shared<published_plan>();
  published->bytes = std::make_shared<std::string>(reinterpret_cast<char const*>(bytes.data()), bytes.size());
  published->now = std::move(made.now);
  auto const version = published->now.version;
  {
    std::lock_guard const lock{mutex_};
    current_ = std::move(published);
  }
  auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  parts_.measured.delay_histogram("siren_plan_seconds", "Time to make and publish a plan").Observe(took);
  parts_.measured.gauge("siren_plan_version", "Newest plan").Set(static_cast<double>(version));
  parts_.measured.gauge("siren_plan_shelters_not_open", "Shelters left out because they take nobody")
      .Set(static_cast<double>(made.counts.shelters_not_open));
  log(log_level::info, "plan_made",
      {{"version", version},
       {"shelters", made.counts.shelters},
       {"not_open", made.counts.shelters_not_open},
       {"entrances_far_from_street", made.counts.entrances_far_from_street},
       {"seconds", took}});
  parts_.announce(version);
}

}  // namespace siren
