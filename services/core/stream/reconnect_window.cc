#include "core/stream/reconnect_window.h"

#include <algorithm>

namespace siren {

void reconnect_window::on_first_word(steady_time asked_at, steady_time now) {
  if (open_ && now - opened_at_ >= policy_.measured_over)
    close(std::chrono::duration_cast<milliseconds>(now - opened_at_));
  if (!open_) {
    open_ = true;
    opened_at_ = now;
    count_ = 0;
    waited_ = milliseconds{0};
  }
  ++count_;
  waited_ += std::chrono::duration_cast<milliseconds>(now - asked_at);
}

/// A quiet second shows only that at least so many can be taken in; a busy one shows how many.
void reconnect_window::close(milliseconds lasted) {
  open_ = false;
  auto const seen = count_ * 1'000 / static_cast<std::uint64_t>(std::max<std::int64_t>(lasted.count(), 1));
  auto const busy = waited_ / static_cast<std::int64_t>(count_) >= policy_.busy_after;
  auto const newest = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(seen, 1, 1'000'000));
  // A pause after a burst makes the second look long; then it measured nothing.
  if (lasted > 2 * policy_.measured_over) return;
  if (busy)
    rate_ = std::max(1U, (newest * policy_.newest_tenths + rate_ * (10 - policy_.newest_tenths)) / 10);
  else
    rate_ = std::max(rate_, newest);
}

milliseconds reconnect_window::window(std::uint64_t phones) const {
  auto const usable = std::max<std::uint64_t>(std::uint64_t{rate_} * policy_.share_tenths / 10, 1);
  auto const needed =
      milliseconds{static_cast<std::int64_t>(std::min<std::uint64_t>(phones, 1'000'000'000) * 1'000 / usable)};
  return std::clamp(needed, policy_.shortest, policy_.longest);
}

}  // namespace siren
