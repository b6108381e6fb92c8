#include "alert_gateway/fan_out.h"

#include <algorithm>
#include <utility>

#include "alert_gateway/phone_line.h"

namespace siren {
namespace {

constexpr std::size_t kPokedAtOnce = 64;      // 8 us each, most of it the kernel's
constexpr std::size_t kGuidedAtOnce = 1'024;  // they only queue up

}  // namespace

void fan_out::news_in(zone_id const& zone) {
  std::lock_guard const lock{mutex_};
  if (waiting_.insert(zone).second) zones_.push_back(zone);
}

bool fan_out::take_next() {
  std::lock_guard const lock{mutex_};
  if (zones_.empty()) return false;
  zone_ = std::move(zones_.front());
  zones_.pop_front();
  waiting_.erase(zone_);
  return true;
}

bool fan_out::carry_some() {
  if (lines_.empty()) {
    if (!take_next()) return false;
    lines_ = registry_.of(zone_, loop_);
    poked_ = guided_ = 0;
  }
  if (poked_ < lines_.size()) {
    auto const until = std::min(lines_.size(), poked_ + kPokedAtOnce);
    for_each_fetched(lines_, std::exchange(poked_, until), until, [](phone_line& line) { line.poke(); });
  } else {
    auto const until = std::min(lines_.size(), guided_ + kGuidedAtOnce);
    for (; guided_ < until; ++guided_) lines_[guided_]->guide_again(&zone_);
  }
  if (guided_ == lines_.size()) lines_.clear();
  return true;
}

}  // namespace siren
