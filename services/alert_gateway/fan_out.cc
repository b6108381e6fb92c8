#include "alert_gateway/fan_out.h"

#include <algorithm>
#include <atomic>

#include "alert_gateway/phone_line.h"

namespace siren {
namespace {

/// Streams a worker takes at once: some milliseconds of work.
constexpr std::size_t kPart = 128;

}  // namespace

fan_out::fan_out(phone_registry const& registry, std::size_t workers) : registry_{registry} {
  for (std::size_t i = 0; i < workers; ++i) workers_.emplace_back([this] { run(); });
}

fan_out::~fan_out() {
  stop();
}

void fan_out::stop() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& worker : workers_)
    if (worker.joinable()) worker.join();
}

void fan_out::news_in(zone_id const& zone) {
  {
    std::lock_guard const lock{mutex_};
    if (!waiting_.insert(zone).second) return;
    zones_.push_back(zone);
  }
  wake_.notify_one();
}

void fan_out::run() {
  std::unique_lock lock{mutex_};
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !zones_.empty() || !parts_.empty(); });
    if (stopping_) return;
    if (!zones_.empty()) {
      auto const zone = std::move(zones_.front());
      zones_.pop_front();
      waiting_.erase(zone);
      lock.unlock();
      split(zone);
      lock.lock();
      continue;
    }
    auto const work = std::move(parts_.front());
    parts_.pop_front();
    lock.unlock();
    carry(work);
    lock.lock();
  }
}

void fan_out::split(zone_id const& zone) {
  auto const lines = std::make_shared<std::vector<line_ptr> const>(registry_.of(zone));
  auto const left = std::make_shared<std::atomic<std::size_t>>(lines->size());
  std::lock_guard const lock{mutex_};
  for (std::size_t from = 0; from < lines->size(); from += kPart)
    parts_.push_back({lines, from, std::min(from + kPart, lines->size()), zone, left});
  wake_.notify_all();
}

void fan_out::carry(part const& work) {
  for (auto i = work.from; i < work.to; ++i) (*work.lines)[i]->poke();
  if (work.left->fetch_sub(work.to - work.from) != work.to - work.from) return;
  for (auto const& line : *work.lines) line->guide_again(&work.zone);
}

}  // namespace siren
