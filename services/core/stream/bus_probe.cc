#include "core/stream/bus_probe.h"

#include <algorithm>

namespace siren {

std::optional<std::uint64_t> bus_probe::due(steady_time now) {
  if (sent_at_ && now - *sent_at_ < policy_.interval) return std::nullopt;
  sent_at_ = now;
  return ++sent_;
}

void bus_probe::on_heard(std::uint64_t number, steady_time now) {
  if (number == 0 || number > sent_) return;
  heard_at_ = now;
  ever_heard_ = true;
}

bool bus_probe::should_reset(steady_time now) {
  auto const since = reset_at_ ? std::max(*reset_at_, heard_at_) : heard_at_;
  if (now - since <= policy_.deaf_after) return false;
  reset_at_ = now;
  return true;
}

}  // namespace siren
