#include "core/track/picture_change.h"

#include <algorithm>
#include <tuple>

namespace siren {

void picture_change::refresh(utc_time when) {
  if (!state_.index.stale(state_.tracks.size(), when)) return;
  state_.index.rebuild(state_.tracks, when, policy_);
  for (auto const& [slot, why] : ended_) state_.index.remove(slot);
}

void picture_change::near(lat_lon place, utc_time when, meters reach, std::vector<std::uint32_t>& out) {
  refresh(when);
  state_.index.near(place, when, reach, 1.0, out);
}

void picture_change::neighbours(std::uint32_t slot, double wider, std::vector<std::uint32_t>& out) {
  state_.index.neighbours(slot, wider, out);
}

void picture_change::touch(std::uint32_t slot) {
  touched_.push_back(slot);
  state_.tracks[slot].fresh = true;
  if (state_.index.holds(state_.tracks.size())) state_.index.place(slot, state_.tracks[slot], policy_);
}

void picture_change::end(std::uint32_t slot, track_end why) {
  ended_.emplace_back(slot, why);
  if (gone_.size() <= slot) gone_.resize(slot + 1, false);
  gone_[slot] = true;
  if (state_.index.holds(state_.tracks.size())) state_.index.remove(slot);
}

void picture_change::make_room() {
  if (state_.tracks.size() - ended_.size() < policy_.max_tracks) return;
  auto const& all = state_.tracks;
  if (least_missed_.empty()) {
    for (std::uint32_t slot = 0; slot < all.size(); ++slot)
      if (!ended(slot)) least_missed_.push_back(slot);
    std::sort(least_missed_.begin(), least_missed_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tie(all[b].now.confirmed, all[b].now.updated_at, b) <
             std::tie(all[a].now.confirmed, all[a].now.updated_at, a);
    });
  }
  auto const slot = least_missed_.back();
  least_missed_.pop_back();
  end(slot, track_end::coasted_out);
}

std::uint32_t picture_change::bear(observation const& report) {
  make_room();
  auto const slot = static_cast<std::uint32_t>(state_.tracks.size());
  bool const indexed = state_.index.holds(slot);
  state_.tracks.push_back(born(track_id{state_.next_id++}, report, policy_));
  if (indexed) state_.index.place(slot, state_.tracks[slot], policy_);
  touched_.push_back(slot);
  return slot;
}

void picture_change::remember_destroyed(tracked const& gone) {
  if (state_.destroyed.size() >= policy_.max_tracks) state_.destroyed.erase(state_.destroyed.begin());
  state_.destroyed.push_back(gone);
}

void picture_change::forget_destroyed(utc_time now) {
  std::erase_if(state_.destroyed,
                [&](tracked const& gone) { return now - gone.now.updated_at > policy_.reorder_limit; });
}

std::vector<track_change> picture_change::finish() {
  std::vector<track_change> changes;
  std::sort(ended_.begin(), ended_.end());
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  changes.reserve(ended_.size() + touched_.size());
  for (auto const& [slot, why] : ended_) changes.push_back({state_.tracks[slot].now, why});
  for (auto const slot : touched_)
    if (!ended(slot)) changes.push_back({state_.tracks[slot].now, track_end::none});
  std::sort(changes.begin(), changes.end(),
            [](track_change const& a, track_change const& b) { return a.now.id < b.now.id; });
  if (ended_.empty()) return changes;
  std::uint32_t slot = 0;
  std::erase_if(state_.tracks, [&](tracked const&) { return ended(slot++); });
  state_.index.forget();
  return changes;
}

}  // namespace siren
