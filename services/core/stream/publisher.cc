#include "core/stream/publisher.h"

#include <algorithm>
#include <utility>

#include "core/base/verify.h"

namespace siren {
namespace {

provisional_entry again(stream_entry const& logged) {
  provisional_entry what;
  what.zone = logged.zone;
  what.alert = logged.alert;
  what.rev = logged.rev;
  what.level = logged.level;
  what.because = logged.because;
  what.bytes = logged.bytes;
  return what;
}

}  // namespace

void publisher::knows(stream_entry const& logged) {
  logged_[logged.zone] = logged;
}

void publisher::decided(provisional_entry what, bool journalled) {
  waiting_.push_back({std::move(what), journalled});
}

std::size_t publisher::append_now(steady_time now) {
  if (renewing_ || under_way_ > 0 || waiting_.empty() || (away_ && now < retry_at_)) return 0;
  under_way_ = std::min(waiting_.size(), policy_.batch);
  return under_way_;
}

std::vector<stream_entry> publisher::on_appended(std::vector<cursor> const& places) {
  verify(places.size() == under_way_, "every appended alert has a place");
  std::vector<stream_entry> entries;
  for (auto const& place : places) {
    auto const& what = waiting_.front().what;
    stream_entry entry;
    entry.at = place;
    entry.zone = what.zone;
    entry.alert = what.alert;
    entry.rev = what.rev;
    entry.level = what.level;
    entry.because = what.because;
    entry.bytes = what.bytes;
    if (place.epoch != head_.epoch || place.seq > head_.seq) head_ = place;
    knows(entry);
    entries.push_back(std::move(entry));
    waiting_.pop_front();
  }
  under_way_ = 0;
  away_ = false;
  if (waiting_.empty()) showing_.clear();
  return entries;
}

void publisher::on_append_failed(steady_time now) {
  under_way_ = 0;
  renewing_ = false;
  away_ = true;
  retry_at_ = now + policy_.retry;
}

bool publisher::begin_renewal() {
  if (under_way_ > 0 || renewing_) return false;
  return renewing_ = true;
}

void publisher::on_renewed(cursor head, std::vector<stream_entry> const& newest_by_zone) {
  renewing_ = false;
  head_ = head;
  std::map<zone_id, stream_entry> there;
  for (auto const& entry : newest_by_zone) there[entry.zone] = entry;
  auto const known = std::exchange(logged_, there);
  for (auto const& [zone, mine] : known) {
    auto const found = there.find(zone);
    if (found != there.end() && found->second.alert == mine.alert && found->second.rev >= mine.rev) continue;
    waiting_.push_front({again(mine)});
  }
}

std::size_t publisher::journal_now() const {
  if (!away_) return 0;
  auto const fresh = std::find_if(waiting_.begin(), waiting_.end(), [](auto const& each) { return !each.journalled; });
  return static_cast<std::size_t>(waiting_.end() - fresh);
}

void publisher::on_journalled() {
  for (auto& each : waiting_) each.journalled = true;
}

std::vector<provisional_entry> publisher::say_now(steady_time now) {
  if (!away_) return {};
  std::vector<provisional_entry> due;
  std::uint64_t before = 0;
  for (auto& each : waiting_) {
    each.what.after = {head_.epoch, head_.seq + before++};
    if (!each.journalled || std::exchange(each.said, true)) continue;
    auto const shown = showing_.find(each.what.zone);
    auto const logged = logged_.find(each.what.zone);
    auto level = shown == showing_.end() ? stage::all_clear : shown->second.level;
    if (logged != logged_.end()) level = std::max(level, logged->second.level);
    // Before the log has it, no alert is ended and no stage lowered.
    if (each.what.level == stage::all_clear || each.what.level < level) continue;
    showing_[each.what.zone] = each.what;
    due.push_back(each.what);
  }
  if (now - said_at_ < policy_.say_again) return due;
  said_at_ = now;
  due.clear();
  for (auto const& [zone, what] : showing_) due.push_back(what);
  return due;
}

std::vector<provisional_entry> publisher::waiting() const {
  std::vector<provisional_entry> all;
  for (auto const& each : waiting_) {
    all.push_back(each.what);
    all.back().after = {head_.epoch, head_.seq + all.size() - 1};
  }
  return all;
}

}  // namespace siren
