#include "core/stream/provisional.h"

#include <tuple>

namespace siren {
namespace {

/// Total, so that two engines that both believe to decide can't make a phone alternate between their words.
bool says_more(provisional_entry const& one, provisional_entry const& held) {
  if (one.alert == held.alert) {
    // Two engines whose clocks were set back can give one name to two alerts: the more urgent is shown. Said again on
    // the log's new epoch it is no news, but only so can what is logged there settle it.
    if (one.rev == held.rev) return one.level > held.level || (!one.logged && one.after.epoch != held.after.epoch);
    return one.rev > held.rev && (one.logged || one.level >= held.level);
  }
  if (one.level != held.level) return one.level > held.level;
  return std::tie(one.after.epoch, one.after.seq, one.alert) > std::tie(held.after.epoch, held.after.seq, held.alert);
}

}  // namespace

provisional_entry beyond_a_gap(stream_entry const& entry) {
  provisional_entry waits;
  waits.zone = entry.zone;
  waits.alert = entry.alert;
  waits.rev = entry.rev;
  waits.level = entry.level;
  waits.after = {entry.at.epoch, entry.at.seq - 1};
  waits.because = entry.because;
  waits.logged = true;
  return waits;
}

bool settled(provisional_entry const& waits, stream_entry const& newest) {
  if (newest.at.epoch == waits.after.epoch && newest.at.seq > waits.after.seq) return true;
  if (newest.alert == waits.alert) return newest.rev >= waits.rev || newest.level > waits.level;
  return !newest.ended() && newest.level >= waits.level;
}

bool provisional_shelf::take(provisional_entry one, stream_entry const* newest_in_zone) {
  if (one.level == stage::all_clear) return false;
  if (newest_in_zone != nullptr && settled(one, *newest_in_zone)) return false;
  auto& place = held_[one.zone];
  if (place.what && place.what->alert == one.alert) place.unheard = 0;
  if (place.what && !says_more(one, *place.what)) return false;
  place = {std::make_shared<provisional_entry const>(std::move(one)), ++turn_, 0};
  return true;
}

provisional_ptr provisional_shelf::settle(stream_entry const& newest_in_zone) {
  auto const found = held_.find(newest_in_zone.zone);
  if (found == held_.end() || !settled(*found->second.what, newest_in_zone)) return nullptr;
  auto gone = std::move(found->second.what);
  held_.erase(found);
  ++turn_;
  return gone;
}

void provisional_shelf::forget(zone_id const& zone) {
  if (held_.erase(zone) > 0) forgotten_ = ++turn_;
}

provisional_ptr provisional_shelf::of(zone_id const& zone) const {
  auto const found = held_.find(zone);
  return found == held_.end() ? nullptr : found->second.what;
}

std::uint64_t provisional_shelf::turn_of(provisional_entry const& one) const {
  auto const found = held_.find(one.zone);
  return found == held_.end() ? 0 : found->second.turn;
}

provisional_ptr provisional_shelf::next(std::uint64_t turn, std::span<zone_id const> zones) const {
  held const* first = nullptr;
  if (held_.empty()) return nullptr;
  for (auto const& zone : zones) {
    auto const found = held_.find(zone);
    if (found == held_.end() || found->second.turn <= turn) continue;
    if (first == nullptr || found->second.turn < first->turn) first = &found->second;
  }
  return first == nullptr ? nullptr : first->what;
}

std::vector<provisional_ptr> provisional_shelf::all() const {
  std::vector<provisional_ptr> every;
  every.reserve(held_.size());
  for (auto const& [zone, one] : held_) every.push_back(one.what);
  return every;
}

}  // namespace siren
