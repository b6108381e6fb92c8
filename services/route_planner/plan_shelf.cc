#include "route_planner/plan_shelf.h"

#include <algorithm>

namespace siren {
namespace {

bool worse(told_figures const& a, told_figures const& b) {
  auto const rank = [](told_figures const& f) {
    return std::pair{f.areas_with_deadline > 0 ? 0 : 1, static_cast<std::int64_t>(f.nearest.in_time)};
  };
  return rank(a) < rank(b);
}

}  // namespace

void plan_shelf::put(published_plan next, std::vector<std::byte> delta) {
  std::lock_guard const lock{mutex_};
  if (delta.empty() || !current_) {
    deltas_.clear();
    delta_bytes_ = 0;
  } else {
    delta_bytes_ += delta.size();
    deltas_.push_back({current_->plan->version, next.plan->version,
                       std::make_shared<std::vector<std::byte> const>(std::move(delta))});
  }
  while (!deltas_.empty() && (deltas_.size() > limits_.deltas || delta_bytes_ > limits_.delta_bytes)) {
    delta_bytes_ -= deltas_.front().bytes->size();
    deltas_.pop_front();
  }
  current_ = std::make_shared<published_plan const>(std::move(next));
}

void plan_shelf::tell(told_figures const& figures) {
  std::lock_guard const lock{mutex_};
  figures_ = figures;
  if (!worst_ || worse(figures, *worst_)) worst_ = figures;
}

std::shared_ptr<published_plan const> plan_shelf::current() const {
  std::lock_guard const lock{mutex_};
  return current_;
}

std::shared_ptr<std::vector<std::byte> const> plan_shelf::bytes_of(std::uint64_t version) {
  std::lock_guard const lock{encoding_};
  if (bytes_ && encoded_ == version) {
    auto const now = current();
    if (now && now->plan->version == version) return bytes_;
  }
  auto const now = current();
  if (!now || now->plan->version != version) return nullptr;
  bytes_ = std::make_shared<std::vector<std::byte> const>(write_plan(*now->plan));
  encoded_ = version;
  return bytes_;
}

std::vector<kept_delta> plan_shelf::way(std::uint64_t base, std::uint64_t version) const {
  std::lock_guard const lock{mutex_};
  auto const first = std::find_if(deltas_.begin(), deltas_.end(), [&](auto const& d) { return d.base == base; });
  auto const last = std::find_if(first, deltas_.end(), [&](auto const& d) { return d.version == version; });
  if (last == deltas_.end()) return {};
  return {first, last + 1};
}

std::optional<told_figures> plan_shelf::figures() const {
  std::lock_guard const lock{mutex_};
  return figures_;
}

std::optional<told_figures> plan_shelf::worst() const {
  std::lock_guard const lock{mutex_};
  return worst_;
}

}  // namespace siren
