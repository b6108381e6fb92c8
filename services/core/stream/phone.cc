#include "core/stream/phone.h"

#include <algorithm>

namespace siren {

void phone::connected(steady_time now) {
  connected_ = true;
  first_word_heard_ = left_by_itself_ = false;
  subscribed_at_ = timely_at_ = heard_at_ = now;
}

phone_resume phone::resume() const {
  if (!can_resume_) return {};
  return {at_, zones_};
}

phone::taken phone::leave(bool state_is_whole_at_cursor) {
  whole_ = false;
  left_by_itself_ = true;
  can_resume_ = can_resume_ && state_is_whole_at_cursor;
  return taken::must_resume;
}

phone::taken phone::on_snapshot(phone_snapshot const& whole, steady_time now) {
  heard_at_ = now;
  if (left_.contains(whole.at.epoch)) return leave(true);
  if (can_resume_ && whole.at.epoch != at_.epoch) left_.leave(at_.epoch);
  // Another epoch is believed: it only ever comes with a snapshot, and current() waits for a heartbeat of that epoch.
  if (can_resume_ && whole.at.epoch == at_.epoch && whole.at.seq < at_.seq) return leave(true);
  first_word_heard_ = whole_ = can_resume_ = true;
  breaks_ = 0;
  at_ = whole.at;
  snapshot_seq_ = whole.at.seq;
  zones_ = whole.zones;
  last_in_zone_.clear();
  alerts_.clear();
  for (auto const& entry : whole.alerts)
    if (!entry.ended()) alerts_[entry.alert] = entry;
  for (auto const& [id, entry] : alerts_) (void)tell(id, entry.rev, entry.level);
  keep_provisional(whole);
  return taken::news;
}

/// A gateway that has read the log beyond a provisional alert's place knows what became of it, and so does one of
/// another epoch; any other may simply not have heard of it.
void phone::keep_provisional(phone_snapshot const& whole) {
  auto const before = std::exchange(shelf_, {});
  for (auto const& own : before.all()) {
    auto const still_ours = std::find(zones_.begin(), zones_.end(), own->zone) != zones_.end();
    if (!still_ours || own->after.epoch != at_.epoch || own->after.seq < at_.seq) continue;
    auto const newest = newest_word_on(own->zone);
    shelf_.take(*own, &newest);
  }
  for (auto const& waits : whole.provisional) {
    auto const newest = newest_word_on(waits.zone);
    if (shelf_.take(waits, &newest)) (void)tell(waits.alert, waits.rev, waits.level);
  }
  unsaid_.clear();
  for (auto const& own : shelf_.all()) unsaid_.insert(own->zone);
  for (auto const& waits : whole.provisional) unsaid_.erase(waits.zone);
}

/// Fails toward warning: only a heartbeat that proves log and engine counts.
void phone::drop_unsaid() {
  auto const over = [this](zone_id const& zone) {
    if (!shelf_.of(zone)) return true;
    if (shelf_.unheard(zone) < policy_.beats_to_drop) return false;
    shelf_.forget(zone);
    return true;
  };
  std::erase_if(unsaid_, over);
}

/// Whether this is more than people have been told of the alert.
bool phone::tell(alert_id const& alert, std::uint32_t rev, stage level) {
  auto& told = told_[alert];
  auto const news = rev > told.rev || (rev == told.rev && level > told.level);
  if (rev > told.rev) told = {rev, level, 0};
  if (rev == told.rev) told.level = std::max(level, told.level);
  told.turn = ++told_turn_;
  if (told_.size() > policy_.told_kept + alerts_.size() + shelf_.size()) {
    auto const oldest = std::min_element(told_.begin(), told_.end(),
                                         [](auto const& a, auto const& b) { return a.second.turn < b.second.turn; });
    told_.erase(oldest);
  }
  return news;
}

phone::taken phone::on_continuation(cursor from, steady_time now) {
  heard_at_ = now;
  if (!can_resume_ || from != at_) return leave(false);
  // Those of this epoch are settled by what follows; of another one only the gateway can tell, and it does.
  for (auto const& waits : shelf_.all())
    if (waits->after.epoch != at_.epoch) shelf_.forget(waits->zone);
  unsaid_.clear();
  for (auto const& own : shelf_.all()) unsaid_.insert(own->zone);
  first_word_heard_ = whole_ = true;
  breaks_ = 0;
  return taken::known;
}

phone::taken phone::on_alert(stream_entry const& entry, steady_time now) {
  heard_at_ = now;
  if (!first_word_heard_ || entry.at.epoch != at_.epoch) return leave(true);
  auto const newest = newest_in(entry.zone);
  if (entry.at.seq <= newest) return taken::known;
  if (entry.previous_seq_in_zone > newest) return leave(entry.previous_seq_in_zone > at_.seq);
  last_in_zone_[entry.zone] = entry.at.seq;
  at_.seq = std::max(at_.seq, entry.at.seq);
  shelf_.settle(entry);
  auto const held = alerts_.find(entry.alert);
  if (held != alerts_.end() && held->second.rev >= entry.rev) return taken::known;
  // A zone has one alert at a time, as a snapshot shows it: whatever else was held of it is over, said or not.
  std::erase_if(alerts_, [&](auto const& other) { return other.second.zone == entry.zone; });
  if (!entry.ended()) alerts_[entry.alert] = entry;
  return tell(entry.alert, entry.rev, entry.level) ? taken::news : taken::merged;
}

phone::taken phone::on_provisional(provisional_entry const& one, steady_time now) {
  heard_at_ = now;
  if (!first_word_heard_) return leave(true);
  if (std::find(zones_.begin(), zones_.end(), one.zone) == zones_.end()) return taken::known;
  unsaid_.erase(one.zone);
  auto const newest = newest_word_on(one.zone);
  if (!shelf_.take(one, &newest)) return taken::known;
  return tell(one.alert, one.rev, one.level) ? taken::news : taken::known;
}

phone::taken phone::on_heartbeat(heartbeat const& beat, steady_time now) {
  heard_at_ = now;
  if (!first_word_heard_) return leave(true);
  at_.seq = std::max(at_.seq, beat.covered_seq);
  interval_ = beat.interval;
  told_window_ = std::clamp(beat.reconnect_within, milliseconds{0}, policy_.longest_retry);
  auto const said_at = beat.since_subscribe ? std::min(now, subscribed_at_ + *beat.since_subscribe) : now;
  if (now - said_at <= fresh_for(beat.interval) / 2) timely_at_ = now;
  if (beat.head) {
    auto const age = std::max(beat.head_age.value_or(milliseconds{0}), milliseconds{0});
    head_ = {*beat.head, said_at - age, fresh_for(beat.interval)};
    picture_lost_ = beat.picture != picture_state::live && beat.picture != picture_state::degraded;
    if (!picture_lost_) drop_unsaid();
  } else if (beat.picture == picture_state::lost) {
    picture_lost_ = true;
  }
  return taken::news;
}

std::optional<steady_time> phone::on_disconnected(std::optional<phone_go_away> const& said, std::uint64_t random,
                                                  steady_time now) {
  connected_ = first_word_heard_ = false;
  auto window = policy_.shortest_backoff * (1LL << std::min(breaks_, 16U));
  window = std::min<milliseconds>(window, policy_.longest_backoff);
  if (!left_by_itself_) window = std::max<milliseconds>(window, told_window_);
  ++breaks_;
  if (said) {
    if (said->terminal) return std::nullopt;
    window = std::clamp(said->retry_within, milliseconds{0}, policy_.longest_retry);
  }
  return now + milliseconds{random % static_cast<std::uint64_t>(window.count() + 1)};
}

bool phone::silent(steady_time now) const {
  return connected_ && (now - heard_at_ > patience() || now - timely_at_ > lateness_borne());
}

bool phone::current(steady_time now) const {
  return whole_ && head_ && !picture_lost_ && now - head_->read_at <= head_->fresh_for &&
         head_->head.epoch == at_.epoch && at_.seq >= head_->head.seq;
}

std::optional<steady_time> phone::wake_at(steady_time now) const {
  constexpr milliseconds kJustAfter{1};
  std::optional<steady_time> first;
  auto const consider = [&](steady_time at) {
    if (at > now && (!first || at < *first)) first = at;
  };
  if (connected_) consider(std::min(heard_at_ + patience(), timely_at_ + lateness_borne()) + kJustAfter);
  if (head_) consider(head_->read_at + head_->fresh_for + kJustAfter);
  return first;
}

milliseconds phone::fresh_for(milliseconds interval) const {
  return std::clamp(interval, milliseconds{0}, policy_.longest_interval) * policy_.fresh_tenths / 10;
}

/// Twice as long as silence: a stream whose beginning was slow is of use until a better one is there.
milliseconds phone::lateness_borne() const {
  return 2 * (interval_ ? std::max(fresh_for(*interval_), policy_.first_word_within) : policy_.first_word_within);
}

milliseconds phone::patience() const {
  return first_word_heard_ && interval_ ? fresh_for(*interval_) : policy_.first_word_within;
}

stream_entry phone::newest_word_on(zone_id const& zone) const {
  stream_entry newest;
  newest.zone = zone;
  newest.level = stage::all_clear;
  newest.at = {at_.epoch, 0};
  for (auto const& [id, entry] : alerts_)
    if (entry.zone == zone && entry.at.seq > newest.at.seq) newest = entry;
  auto const last = last_in_zone_.find(zone);
  if (last != last_in_zone_.end()) newest.at.seq = std::max(newest.at.seq, last->second);
  return newest;
}

std::uint64_t phone::newest_in(zone_id const& zone) const {
  auto const last = last_in_zone_.find(zone);
  return last == last_in_zone_.end() ? snapshot_seq_ : last->second;
}

}  // namespace siren
