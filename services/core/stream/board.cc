#include "core/stream/board.h"

#include <algorithm>

namespace siren {

board::outcome board::apply(stream_entry entry) {
  if (started_ && left_.contains(entry.at.epoch)) return outcome::ignored;
  if (!started_ || entry.at.epoch != at_.epoch) return outcome::read_state;
  if (entry.at.seq <= at_.seq) return outcome::ignored;
  if (entry.at.seq > at_.seq + 1) return outcome::read_log;
  keep(std::move(entry));
  return outcome::applied;
}

bool board::reset(cursor state_at, std::vector<stream_entry> newest_by_zone, std::vector<stream_entry> recent) {
  if (started_ && state_at.epoch == at_.epoch && state_at.seq <= at_.seq) return false;
  if (left_.contains(state_at.epoch)) return false;
  if (started_ && state_at.epoch != at_.epoch) left_.leave(at_.epoch);
  ring_.clear();
  zones_.clear();
  started_ = true;

  auto first = recent.size();
  for (auto expected = state_at.seq; first > 0 && recent[first - 1].at == cursor{state_at.epoch, expected}; --expected)
    --first;
  at_ = {state_at.epoch, state_at.seq - (recent.size() - first)};
  for (auto i = first; i < recent.size(); ++i) keep(std::move(recent[i]));

  for (auto& entry : newest_by_zone) {
    auto& line = zones_[entry.zone];
    if (line.newest && line.newest->at.seq >= entry.at.seq) continue;
    entry.previous_seq_in_zone = 0;
    if (encode_) entry.bytes = encode_(entry);
    line.newest = std::make_shared<stream_entry const>(std::move(entry));
  }
  on_reading(false);
  for (auto const& waits : shelf_.all())
    if (auto const now = newest(waits->zone)) shelf_.settle(*now);
  return true;
}

void board::on_reading(bool engine_lives) {
  for (auto const& waits : shelf_.all()) {
    auto const old = waits->logged && waits->after.epoch != at_.epoch;
    if (old || (engine_lives && shelf_.unheard(waits->zone) >= policy_.readings_to_drop)) shelf_.forget(waits->zone);
  }
}

bool board::take_provisional(provisional_entry one) {
  if (!started_) return false;
  auto const held = shelf_.of(one.zone);
  auto const older_place = held && held->alert == one.alert && held->after.epoch != one.after.epoch;
  if (older_place && held->rev >= one.rev && left_.contains(one.after.epoch)) return false;
  auto const now = newest(one.zone);
  return shelf_.take(std::move(one), now.get());
}

void board::keep(stream_entry entry) {
  auto& line = zones_[entry.zone];
  entry.previous_seq_in_zone = line.newest ? line.newest->at.seq : 0;
  if (encode_) entry.bytes = encode_(entry);
  at_ = entry.at;
  line.newest = std::make_shared<stream_entry const>(std::move(entry));
  line.in_ring.push_back(at_.seq);
  ring_.push_back(line.newest);
  shelf_.settle(*line.newest);
  if (ring_.size() <= policy_.ring) return;
  zones_[ring_.front()->zone].in_ring.pop_front();
  ring_.pop_front();
}

bool board::reaches(cursor place) const {
  return started_ && place.epoch == at_.epoch && place.seq >= floor() && place.seq <= at_.seq;
}

entry_ptr board::newest(zone_id const& zone) const {
  auto const found = zones_.find(zone);
  return found == zones_.end() ? nullptr : found->second.newest;
}

entry_ptr board::next(std::uint64_t seq, std::span<zone_id const> zones) const {
  if (seq >= at_.seq) return nullptr;  // of most looks
  auto first = at_.seq + 1;
  for (auto const& zone : zones) {
    auto const found = zones_.find(zone);
    if (found == zones_.end() || found->second.newest->at.seq <= seq) continue;
    auto const& line = found->second.in_ring;
    auto const after = std::upper_bound(line.begin(), line.end(), seq);
    if (after != line.end()) first = std::min(first, *after);
  }
  if (first > at_.seq) return nullptr;
  return ring_[first - floor() - 1];
}

}  // namespace siren
