#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/alert_log/alert_history.h"
#include "common/clock.h"

namespace siren {

/// The alert log of one country in memory, with the same contract as the real one. Thread-safe.
class memory_alert_log final : public alert_log_writer, public alert_log_reader, public alert_history {
 public:
  explicit memory_alert_log(std::uint64_t epoch = 7) : epoch_{epoch} {}

  /// While down, every call fails with STORE_UNAVAILABLE and changes nothing.
  void set_down(bool down) {
    std::lock_guard const lock{mutex_};
    down_ = down;
  }

  /// As if another process had: every writer before it is shut out.
  std::uint64_t let_another_take_over() {
    std::lock_guard const lock{mutex_};
    return ++term_;
  }
  /// As if an older copy had been put in its place.
  void go_back_to(std::uint64_t seq) {
    std::lock_guard const lock{mutex_};
    while (seq_ > seq) {
      revisions_.erase({log_.back().alert, log_.back().rev});
      std::erase_if(by_message_, [this](auto const& each) { return each.second == log_.size() - 1; });
      log_.pop_back();
      --seq_;
    }
    state_.clear();
    for (auto const& entry : log_) state_[entry.zone] = entry;
  }

  result<alert_term> take_over(cursor known) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    auto const epoch_before = epoch_;
    if (known.epoch == epoch_ && known.seq > seq_) move_to({epoch_ + 1, known.seq});
    alert_term const taken{term_, term_ + 1, {epoch_, seq_}, epoch_before};
    mine_ = ++term_;
    known_ = taken.head;
    return taken;
  }

  result<void> confirm() override {
    std::lock_guard const lock{mutex_};
    return check();
  }

  result<std::vector<alert_entry>> renew() override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    if (term_ > mine_) return deposed();
    move_to({epoch_ + 1, std::max(known_.seq, seq_)});
    known_ = {epoch_, seq_};
    return newest();
  }

  result<std::vector<alert_entry>> append(std::vector<alert_append> const& alerts) override {
    std::lock_guard const lock{mutex_};
    if (alerts.empty() && !down_) return std::vector<alert_entry>{};
    if (auto may = check(); !may) return may.error();
    auto revisions = revisions_;
    std::set<std::pair<std::string, std::string>> fresh;
    for (auto const& alert : alerts) {
      std::pair const message{alert.source, alert.message_id};
      if (by_message_.contains(message) || !fresh.insert(message).second) continue;
      if (!revisions.insert({alert.alert, alert.rev}).second)
        return failure{reason::duplicate, "another message holds this revision of an alert"};
    }
    std::vector<alert_entry> entries;
    for (auto const& alert : alerts) {
      auto const [place, added] = by_message_.try_emplace({alert.source, alert.message_id}, log_.size());
      if (added) {
        log_.push_back({epoch_, ++seq_, alert.zone, alert.alert, alert.rev, alert.ended, alert.bytes});
        state_[alert.zone] = log_.back();
        revisions_.insert({alert.alert, alert.rev});
        outbox_.insert(seq_);
      }
      entries.push_back(log_[place->second]);
    }
    known_ = {epoch_, seq_};
    return entries;
  }

  result<void> beat(picture_state picture) override {
    std::lock_guard const lock{mutex_};
    if (auto may = check(); !may) return may;
    picture_ = picture;
    beat_at_ = steady_now();
    return {};
  }

  result<std::vector<alert_entry>> unpublished(std::size_t at_most) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    std::vector<alert_entry> entries;
    for (auto const& entry : log_)
      if (outbox_.contains(entry.seq) && entry.epoch == epoch_ && entries.size() < at_most) entries.push_back(entry);
    return entries;
  }

  result<void> published(std::vector<cursor> const& places) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    for (auto const& place : places)
      if (place.epoch == epoch_) outbox_.erase(place.seq);
    return {};
  }

  result<alert_head> head() override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    alert_head found{.head = {epoch_, seq_}, .picture = picture_, .engine_silence = {}};
    if (beat_at_) found.engine_silence = std::chrono::duration_cast<milliseconds>(steady_now() - *beat_at_);
    return found;
  }

  result<std::vector<alert_entry>> read_after(cursor after, std::size_t at_most) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    if (after.epoch != epoch_) return failure{reason::schema_mismatch, "the alert log has another epoch"};
    std::vector<alert_entry> entries;
    for (auto const& entry : log_)
      if (entry.epoch == epoch_ && entry.seq > after.seq && entries.size() < at_most) entries.push_back(entry);
    return entries;
  }

  result<state> read_state() override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    return state{.at = {epoch_, seq_}, .newest_by_zone = newest()};
  }

  result<std::vector<alert_entry>> revisions_of(alert_id const& id, std::uint32_t rev, std::size_t at_most) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    std::vector<alert_entry> entries;
    for (auto const& entry : log_)
      if (entry.alert == id && entry.rev <= rev) entries.push_back(entry);
    std::sort(entries.begin(), entries.end(), [](auto const& a, auto const& b) { return a.rev < b.rev; });
    if (entries.size() > at_most) entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(at_most));
    return entries;
  }

  result<std::vector<alert_entry>> newest_ends(std::size_t at_most) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    std::vector<alert_entry> entries;
    std::size_t looked_at = 0;
    for (auto entry = log_.rbegin(); entry != log_.rend() && looked_at < kEndsAmong; ++entry) {
      if (entry->epoch != epoch_) continue;
      ++looked_at;
      if (entry->ended && entries.size() < at_most) entries.push_back(*entry);
    }
    return entries;
  }

 private:
  [[nodiscard]] std::vector<alert_entry> newest() const {
    std::vector<alert_entry> entries;
    for (auto const& [zone, entry] : state_) entries.push_back(entry);
    std::sort(entries.begin(), entries.end(), [](auto const& a, auto const& b) { return a.seq < b.seq; });
    return entries;
  }
  void move_to(cursor place) {
    epoch_ = place.epoch;
    seq_ = place.seq;
    outbox_.clear();
    for (auto& [zone, entry] : state_) entry.epoch = epoch_;
  }
  [[nodiscard]] result<void> check() const {
    if (down_) return unavailable();
    if (mine_ == 0) return {};
    if (term_ > mine_) return deposed();
    if (cursor{epoch_, seq_} != known_) return failure{reason::log_went_back, "the alert log is older"};
    return {};
  }
  static failure deposed() { return {reason::deposed, "another writer of the alert log has taken over"}; }
  static failure unavailable() { return {reason::store_unavailable, "the store is down"}; }

  std::mutex mutex_;
  std::uint64_t epoch_;
  std::uint64_t seq_ = 0;
  std::uint64_t term_ = 0;
  std::uint64_t mine_ = 0;
  cursor known_;
  std::map<zone_id, alert_entry> state_;
  bool down_ = false;
  std::vector<alert_entry> log_;
  std::map<std::pair<std::string, std::string>, std::size_t> by_message_;
  std::set<std::pair<alert_id, std::uint32_t>> revisions_;
  std::set<std::uint64_t> outbox_;
  picture_state picture_ = picture_state::unknown;
  std::optional<steady_time> beat_at_;
};

}  // namespace siren
