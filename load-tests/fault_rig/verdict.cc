#include "fault_rig/verdict.h"

#include <algorithm>
#include <map>
#include <set>

#include "swarm/ledger.h"

namespace siren::faults {
namespace {

using kind = phone_event::kind;

struct span {
  wall_time from;
  wall_time to;
};

std::vector<span> times_current(phone_journal const& journal) {
  std::vector<span> spans;
  std::optional<wall_time> since;
  for (auto const& event : journal) {
    if (event.what == kind::current && !since) since = event.when;
    if (event.what != kind::unknown || !since) continue;
    spans.push_back({*since, event.when});
    since.reset();
  }
  if (since) spans.push_back({*since, journal.back().when});
  return spans;
}

/// The order in which the log's epochs followed each other.
std::map<std::uint64_t, std::size_t> order_of_epochs(whole_log const& log) {
  std::map<std::uint64_t, std::size_t> order;
  for (auto const& row : log.rows) order.try_emplace(row.at.epoch, order.size());
  order.try_emplace(log.head.epoch, order.size());
  return order;
}

bool covers(cursor snapshot, cursor entry, std::map<std::uint64_t, std::size_t> const& order) {
  if (snapshot.epoch == entry.epoch) return snapshot.seq >= entry.seq;
  auto const known = order.find(snapshot.epoch);
  return known != order.end() && known->second > order.at(entry.epoch);
}

std::uint64_t entries_lacked_while_current(phone_journal const& journal, whole_log const& log,
                                           verdict_policy const& policy) {
  auto const spans = times_current(journal);
  auto const order = order_of_epochs(log);
  std::map<std::pair<std::uint64_t, std::uint64_t>, wall_time> arrived;
  std::vector<phone_event const*> snapshots;
  std::set<zone_id> zones;
  for (auto const& event : journal) {
    if (event.what == kind::sounded || event.what == kind::merged)
      arrived.try_emplace({event.at.epoch, event.at.seq}, event.when);
    if (event.what != kind::snapshot) continue;
    snapshots.push_back(&event);
    zones.insert(event.zones.begin(), event.zones.end());
  }
  std::uint64_t lacked = 0;
  for (auto const& row : log.rows) {
    if (!zones.contains(row.zone)) continue;
    auto known_at = wall_time::max();
    if (auto const direct = arrived.find({row.at.epoch, row.at.seq}); direct != arrived.end())
      known_at = direct->second;
    for (auto const* snapshot : snapshots)
      if (covers(snapshot->at, row.at, order)) known_at = std::min(known_at, snapshot->when);
    auto const due = row.logged_at + policy.current_after_logged;
    lacked += static_cast<std::uint64_t>(std::any_of(
        spans.begin(), spans.end(), [&](span const& s) { return s.to > due && s.from < known_at && due < known_at; }));
  }
  return lacked;
}

std::uint64_t sounded_twice(phone_journal const& journal) {
  std::set<std::pair<alert_id, std::uint32_t>> heard;
  std::uint64_t twice = 0;
  for (auto const& event : journal)
    if (event.what == kind::sounded || event.what == kind::early)
      twice += static_cast<std::uint64_t>(!heard.insert({event.alert, event.rev}).second);
  return twice;
}

std::uint64_t went_back(phone_journal const& journal) {
  std::map<std::uint64_t, std::uint64_t> reached;  // by epoch
  std::uint64_t back = 0;
  for (auto const& event : journal) {
    auto const entry = event.what == kind::sounded || event.what == kind::merged;
    if (!entry && event.what != kind::snapshot) continue;
    auto& newest = reached[event.at.epoch];
    back += static_cast<std::uint64_t>(entry ? event.at.seq <= newest && newest != 0 : event.at.seq < newest);
    newest = std::max(newest, event.at.seq);
  }
  return back;
}

void count_returns(phone_journal const& journal, verdict& into) {
  auto away = false;
  for (auto const& event : journal) {
    if (event.what == kind::left) away = true;
    auto const back = event.what == kind::snapshot || event.what == kind::continuation;
    if (!back || !std::exchange(away, false)) continue;
    ++(event.what == kind::continuation ? into.resumed : into.restarted);
  }
}

/// What a phone showed of its zones, one after another.
class shown_stages {
 public:
  void take(phone_event const& event) {
    if (event.what == kind::snapshot)
      for (auto const& zone : event.zones) {
        auto const alarm = event.in_alarm.find(zone);
        by_zone_[zone].push_back({event.when, alarm == event.in_alarm.end() ? stage::all_clear : alarm->second});
      }
    if (event.what == kind::sounded || event.what == kind::early || event.what == kind::merged)
      by_zone_[event.zone].push_back({event.when, event.level});
  }
  /// For how much of this time it showed less.
  [[nodiscard]] microseconds below(stage level, zone_id const& zone, wall_time from, wall_time to) const {
    microseconds sum{0};
    auto until = to;
    auto const found = by_zone_.find(zone);
    if (found == by_zone_.end()) return to - from;
    for (auto i = found->second.rbegin(); i != found->second.rend() && until > from; ++i) {
      auto const since = std::max(i->first, from);
      if (i->second < level && until > since) sum += until - since;
      until = std::min(until, since);
    }
    return until > from ? sum + (until - from) : sum;
  }

 private:
  std::map<zone_id, std::vector<std::pair<wall_time, stage>>> by_zone_;
};

}  // namespace

verdict& verdict::operator+=(verdict const& other) {
  missing += other.missing;
  doubled += other.doubled;
  backwards += other.backwards;
  falsely_current += other.falsely_current;
  delivered += other.delivered;
  by_snapshot += other.by_snapshot;
  early += other.early;
  resumed += other.resumed;
  restarted += other.restarted;
  return *this;
}

verdict judge(phone_journal const& journal, whole_log const& log, verdict_policy policy) {
  // Sequences rise over a change of epoch too, so the log is one line, and what a restored copy lost is not in it.
  swarm::logged all{log.head, {}};
  for (auto const& row : log.rows) all.by_zone[row.zone].push_back(row.at.seq);
  std::vector<swarm::heard> heard;
  verdict told;
  for (auto const& event : journal) {
    if (event.what == kind::snapshot) heard.emplace_back(swarm::heard_snapshot{event.at, event.zones});
    if (event.what == kind::sounded || event.what == kind::merged)
      heard.emplace_back(swarm::heard_alert{event.at, event.zone});
    told.early += static_cast<std::uint64_t>(event.what == kind::early);
  }
  auto const delivery = swarm::judge_delivery(heard, all);
  told.missing = delivery.missing;
  told.delivered = delivery.delivered;
  told.by_snapshot = delivery.by_snapshot;
  told.doubled = sounded_twice(journal);
  told.backwards = went_back(journal);
  told.falsely_current = entries_lacked_while_current(journal, log, policy);
  count_returns(journal, told);
  return told;
}

std::optional<milliseconds> p99_between(std::vector<phone_journal> const& journals, wall_time from, wall_time to) {
  std::vector<microseconds> delays;
  for (auto const& journal : journals) {
    shown_stages shown;
    for (auto const& event : journal) {
      auto const sounded = event.what == kind::sounded || event.what == kind::early;
      if (sounded && event.caused_at && *event.caused_at >= from && *event.caused_at < to)
        delays.push_back(shown.below(event.level, event.zone, *event.caused_at, event.when));
      shown.take(event);
    }
  }
  if (delays.empty()) return std::nullopt;
  auto const nth = delays.begin() + static_cast<std::ptrdiff_t>(0.99 * static_cast<double>(delays.size() - 1));
  std::nth_element(delays.begin(), nth, delays.end());
  return std::chrono::ceil<milliseconds>(*nth);
}

std::uint64_t current_on_epoch(std::vector<phone_journal> const& journals, std::uint64_t epoch, wall_time since) {
  std::uint64_t phones = 0;
  for (auto const& journal : journals) {
    auto on_it = false;
    auto shows = false;
    auto bad = false;
    for (std::size_t i = 0; i < journal.size(); ++i) {
      auto const& event = journal[i];
      if (event.what == kind::snapshot) on_it = event.at.epoch == epoch;
      if (event.what == kind::current) shows = true;
      if (event.what == kind::unknown) shows = false;
      auto const until = i + 1 < journal.size() ? journal[i + 1].when : event.when;
      bad = bad || (on_it && shows && until > since);
    }
    phones += static_cast<std::uint64_t>(bad);
  }
  return phones;
}

}  // namespace siren::faults
