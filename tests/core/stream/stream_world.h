#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/stream/board.h"
#include "core/stream/phone.h"
#include "core/stream/phone_session.h"

namespace siren::stream_test {

inline steady_time at_ms(std::int64_t ms) {
  return steady_time{} + milliseconds{ms};
}
inline zone_id zone_named(std::string name) {
  return zone_id{std::move(name)};
}

inline stream_entry entry(std::uint64_t seq, std::string zone, std::uint32_t rev = 1, bool ended = false,
                          std::uint64_t epoch = 1, std::string raise = "a") {
  stream_entry e;
  e.at = {epoch, seq};
  e.zone = zone_id{zone};
  e.alert = alert_id{zone + "@" + raise};
  e.rev = rev;
  if (ended) e.level = stage::all_clear;
  return e;
}

inline provisional_entry waiting(std::string zone, std::uint32_t rev, std::uint64_t after_seq, stage level = stage::go,
                                 std::uint64_t epoch = 1, std::string raise = "a") {
  provisional_entry p;
  p.zone = zone_id{zone};
  p.alert = alert_id{zone + "@" + raise};
  p.rev = rev;
  p.level = level;
  p.after = {epoch, after_seq};
  return p;
}

/// A log in memory: what is true.
class memory_log {
 public:
  explicit memory_log(std::uint64_t epoch = 1) : epoch_{epoch} {}

  /// A zone's next event: raise, change, change, end, raise …
  stream_entry const& happen(std::string const& zone) {
    auto& turn = turns_[zone];
    auto const rev = turn % 4 + 1;
    auto e = entry(entries_.size() + 1, zone, rev, rev == 4, epoch_, std::to_string(turn / 4));
    ++turn;
    entries_.push_back(e);
    return entries_.back();
  }
  [[nodiscard]] cursor head() const { return {epoch_, entries_.size()}; }
  [[nodiscard]] std::vector<stream_entry> const& entries() const { return entries_; }
  [[nodiscard]] std::vector<stream_entry> newest() const {
    std::map<zone_id, stream_entry> by_zone;
    for (auto const& e : entries_) by_zone[e.zone] = e;
    std::vector<stream_entry> all;
    for (auto const& [zone, e] : by_zone) all.push_back(e);
    return all;
  }
  /// The merge of the log up to `seq` for these zones: what a phone without a hole holds.
  [[nodiscard]] std::map<alert_id, std::uint32_t> merged(std::uint64_t seq, std::vector<zone_id> const& zones) const {
    std::map<alert_id, std::uint32_t> alerts;
    for (auto const& e : entries_) {
      if (e.at.seq > seq) break;
      if (std::find(zones.begin(), zones.end(), e.zone) == zones.end()) continue;
      if (e.ended())
        alerts.erase(e.alert);
      else
        alerts[e.alert] = e.rev;
    }
    return alerts;
  }

 private:
  std::uint64_t epoch_;
  std::vector<stream_entry> entries_;
  std::map<std::string, std::uint32_t> turns_;
};

inline std::map<alert_id, std::uint32_t> held(phone const& p) {
  std::map<alert_id, std::uint32_t> alerts;
  for (auto const& [id, e] : p.alerts()) alerts[id] = e.rev;
  return alerts;
}

inline phone_snapshot received(send_snapshot const& sent) {
  phone_snapshot got{sent.at, sent.zones, {}};
  for (auto const& e : sent.alerts) got.alerts.push_back(*e);
  for (auto const& p : sent.provisional) got.provisional.push_back(*p);
  return got;
}

/// Hands one thing from a session to a phone as the wire would. Guidance and go-away say nothing of the state.
inline phone::taken hand_over(stream_send const& what, phone& to, steady_time now) {
  if (auto const* whole = std::get_if<send_snapshot>(&what)) return to.on_snapshot(received(*whole), now);
  if (auto const* from = std::get_if<send_continuation>(&what)) return to.on_continuation(from->at, now);
  if (auto const* one = std::get_if<send_alert>(&what)) return to.on_alert(*one->entry, now);
  if (auto const* waits = std::get_if<send_provisional>(&what)) return to.on_provisional(*waits->entry, now);
  if (auto const* beat = std::get_if<heartbeat>(&what)) return to.on_heartbeat(*beat, now);
  return phone::taken::known;
}

}  // namespace siren::stream_test
