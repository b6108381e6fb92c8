#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/alert_log/alert_log.h"
#include "common/clock.h"

namespace siren {

/// The alert log of one country in memory, with the same contract as the real one. Thread-safe.
class memory_alert_log final : public alert_log_writer, public alert_log_reader {
 public:
  explicit memory_alert_log(std::uint64_t epoch = 7) : epoch_{epoch} {}

  /// While down, every call fails with STORE_UNAVAILABLE and changes nothing.
  void set_down(bool down) {
    std::lock_guard const lock{mutex_};
    down_ = down;
  }

  result<std::vector<alert_entry>> append(std::vector<alert_append> const& alerts) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
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
        log_.push_back({epoch_, log_.size() + 1, alert.zone, alert.alert, alert.rev, alert.ended, alert.bytes});
        revisions_.insert({alert.alert, alert.rev});
        outbox_.insert(log_.size());
      }
      entries.push_back(log_[place->second]);
    }
    return entries;
  }

  result<void> beat(picture_state picture) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    picture_ = picture;
    beat_at_ = steady_now();
    return {};
  }

  result<std::vector<alert_entry>> unpublished(std::size_t at_most) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    std::vector<alert_entry> entries;
    for (auto const seq : outbox_)
      if (entries.size() < at_most) entries.push_back(log_[seq - 1]);
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
    alert_head found{.head = {epoch_, log_.size()}, .picture = picture_, .engine_silence = {}};
    if (beat_at_) found.engine_silence = std::chrono::duration_cast<milliseconds>(steady_now() - *beat_at_);
    return found;
  }

  result<std::vector<alert_entry>> read_after(cursor after, std::size_t at_most) override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    if (after.epoch != epoch_) return failure{reason::schema_mismatch, "the alert log has another epoch"};
    std::vector<alert_entry> entries;
    for (auto at = after.seq; at < log_.size() && entries.size() < at_most; ++at) entries.push_back(log_[at]);
    return entries;
  }

  result<state> read_state() override {
    std::lock_guard const lock{mutex_};
    if (down_) return unavailable();
    std::map<zone_id, alert_entry> newest;
    for (auto const& entry : log_) newest[entry.zone] = entry;
    state now{.at = {epoch_, log_.size()}, .newest_by_zone = {}};
    for (auto& [zone, entry] : newest) now.newest_by_zone.push_back(std::move(entry));
    std::sort(now.newest_by_zone.begin(), now.newest_by_zone.end(),
              [](auto const& a, auto const& b) { return a.seq < b.seq; });
    return now;
  }

 private:
  static failure unavailable() { return {reason::store_unavailable, "the store is down"}; }

  std::mutex mutex_;
  std::uint64_t epoch_;
  bool down_ = false;
  std::vector<alert_entry> log_;
  std::map<std::pair<std::string, std::string>, std::size_t> by_message_;
  std::set<std::pair<alert_id, std::uint32_t>> revisions_;
  std::set<std::uint64_t> outbox_;
  picture_state picture_ = picture_state::unknown;
  std::optional<steady_time> beat_at_;
};

}  // namespace siren
