#include "core/zone/leaf.h"

#include <algorithm>

namespace siren {
namespace {

constexpr std::array kStages{stage::prepare, stage::go, stage::take_cover};

sighting::extent hull(sighting::extent const& a, sighting::extent const& b) {
  return {std::min(a.earliest, b.earliest), std::max(a.latest, b.latest), std::max(a.entering, b.entering)};
}

sighting::extent extent_of(sighting const& s) {
  return s.previous ? hull(s.recent, *s.previous) : s.recent;
}

stage asked(threat_class kind, sighting::extent const& seen, utc_time now, zone_policy const& policy) {
  auto const& rule = policy.of(kind);
  auto const holds = [&](stage_rule const& r) {
    return seen.earliest - now <= r.earliest_within && seen.entering >= r.at_least;
  };
  if (holds(rule.take_cover)) return stage::take_cover;
  if (holds(rule.go)) return stage::go;
  return holds(rule.prepare) ? stage::prepare : stage::all_clear;
}

stage asked(sighting const& s, utc_time now, zone_policy const& policy) {
  return asked(s.kind, extent_of(s), now, policy);
}

std::size_t index_of(stage s) {
  return static_cast<std::size_t>(s) - static_cast<std::size_t>(stage::prepare);
}

/// Sources by the stage that they ask for.
using backing_by_stage = std::array<backing, kStages.size()>;

/// The highest stage that enough of them together ask for.
stage carried_by(backing_by_stage const& sources, trust_policy const& trust) {
  backing all;
  for (auto i = kStages.size(); i-- > 0;) {
    all.add(sources[i], trust);
    if (all.enough) return kStages[i];
  }
  return stage::all_clear;
}

/// What enough sources ask for through sightings of this one's class.
stage carried(zone_state const& zone, sighting const& one, utc_time now, zone_policy const& policy) {
  if (one.support.enough) return asked(one, now, policy);
  backing_by_stage sources;
  for (auto const& s : zone.sightings.all()) {
    if (s.kind != one.kind) continue;
    auto const asks = asked(s, now, policy);
    if (asks != stage::all_clear) sources[index_of(asks)].add(s.support, policy.trust);
  }
  return carried_by(sources, policy.trust);
}

/// Notes that a class asks for these stages at this time.
void mark(zone_state& zone, threat_class kind, stage asks, utc_time now, zone_policy const& policy) {
  if (asks == stage::all_clear) return;
  auto& held = zone.held[kind];
  if (held.within_declared) held = {};
  auto const before = zone.ended.find(kind);
  for (std::size_t i = 0; i <= index_of(asks); ++i) {
    if (!held.last_asked[i] && before != zone.ended.end()) {
      auto& last = before->second[i];
      auto const flaps = last.at && now - *last.at <= policy.calm;
      last.times = flaps ? std::min(last.times * 2, policy.most_hold_times) : 1;
    }
    held.last_asked[i] = now;
  }
}

seconds hold_of(zone_state const& zone, threat_class kind, std::size_t i, zone_policy const& policy) {
  auto const& rule = policy.of(kind);
  auto const hold = kStages[i] == stage::prepare ? rule.clear_hold : rule.lower_hold;
  auto const before = zone.ended.find(kind);
  return before == zone.ended.end() ? hold : hold * before->second[i].times;
}

stage listed_level(zone_state const& zone, threat_class kind) {
  auto level = stage::all_clear;
  for (auto const& t : zone.listed) {
    if (t.shown.by == issuer::analysis && t.shown.kind == kind) level = std::max(level, t.shown.asks);
  }
  return level;
}

threat own_threat(threat_class kind, cause why, stage asks, zone_policy const& policy) {
  threat t;
  t.by = issuer::analysis;
  t.issuer_name = policy.own_name;
  t.why = why;
  t.kind = kind;
  t.asks = asks;
  return t;
}

/// All sightings of one class that ask for anything.
struct class_summary {
  stage asks = stage::all_clear;
  backing_by_stage sources;
  sighting const* first = nullptr;  // to arrive
  sighting::extent first_seen;
  probability entering;
  cause why = cause::launched;
};

placed_threat as_threat(class_summary const& all, stage asks, utc_time now, zone_policy const& policy) {
  auto t = own_threat(all.first->kind, all.why, asks, policy);
  t.from = all.first->newest.from;
  auto const earliest = std::max(all.first_seen.earliest, now);
  auto const latest = std::max(all.first_seen.latest, now);
  t.arrival = arrival_interval{earliest, std::clamp(all.first->newest.when.median, earliest, latest), latest};
  t.entering = all.entering;
  return {t, all.first->position};
}

void add_seen(zone_state& zone, std::vector<placed_threat>& found, utc_time now, zone_policy const& policy) {
  if (zone.sightings.empty()) return;
  std::array<class_summary, kThreatClasses> classes;
  for (auto const& s : zone.sightings.all()) {
    auto const seen = extent_of(s);
    auto const asks = asked(s.kind, seen, now, policy);
    if (asks == stage::all_clear) continue;
    auto& all = classes[static_cast<std::size_t>(s.kind)];
    all.asks = std::max(all.asks, asks);
    all.sources[index_of(asks)].add(s.support, policy.trust);
    all.entering = std::max(all.entering, s.newest.entering);
    all.why = std::min(all.why, s.why);
    if (all.first != nullptr && seen.earliest >= all.first_seen.earliest) continue;
    all.first = &s;
    all.first_seen = seen;
  }
  for (auto const& all : classes) {
    if (all.first == nullptr) continue;
    auto const may = carried_by(all.sources, policy.trust);
    mark(zone, all.first->kind, std::min(all.asks, may), now, policy);
    auto const shows = std::min(all.asks, std::max(may, zone.declared));
    if (shows != stage::all_clear) found.push_back(as_threat(all, shows, now, policy));
  }
}

/// The highest stage whose hold goes on; ends those that are over.
stage still_held(zone_state& zone, threat_class kind, held_class& held, utc_time now, zone_policy const& policy) {
  auto level = stage::all_clear;
  for (std::size_t i = 0; i < kStages.size(); ++i) {
    if (!held.last_asked[i]) continue;
    if (now - *held.last_asked[i] <= hold_of(zone, kind, i, policy)) {
      level = kStages[i];
    } else {
      held.last_asked[i].reset();
      zone.ended[kind][i].at = now;
    }
  }
  return level;
}

}  // namespace

bool remember(zone_state& zone, leaf_news const& news, utc_time at, zone_policy const& policy) {
  sighting::extent const now{news.seen.when.earliest, news.seen.when.latest, news.seen.entering};
  auto const [s, first] = zone.sightings.take(news.id);
  if (first) {
    s.recent = now;
    s.window_began = at;
  } else {
    mark(zone, s.kind, std::min(asked(s, at, policy), carried(zone, s, at, policy)), at, policy);
    if (at - s.window_began >= policy.of(news.kind).memory) {
      s.previous = s.recent;
      s.recent = now;
      s.window_began = at;
    } else {
      s.recent = hull(s.recent, now);
    }
  }
  s.why = news.why;
  s.kind = news.kind;
  s.position = news.position;
  s.newest = news.seen;
  s.seen_at = at;
  s.support = news.support;
  zone.trace = news.trace;
  auto const asks = asked(s, at, policy);
  auto const listed = listed_level(zone, news.kind);
  if (asks <= listed) return false;
  return std::min(asks, std::max(carried(zone, s, at, policy), zone.declared)) > listed;
}

void forget(zone_state& zone, track_id track, utc_time now, zone_policy const& policy) {
  auto const* const known = zone.sightings.find(track);
  if (known == nullptr) return;
  mark(zone, known->kind, std::min(asked(*known, now, policy), carried(zone, *known, now, policy)), now, policy);
  zone.sightings.erase(track);
}

std::vector<placed_threat> judge_leaf(zone_state& zone, utc_time now, zone_policy const& policy) {
  std::vector<placed_threat> found;
  add_seen(zone, found, now, policy);
  for (auto at = zone.held.begin(); at != zone.held.end();) {
    auto const level = still_held(zone, at->first, at->second, now, policy);
    auto const shows = at->second.within_declared ? std::min(level, zone.declared) : level;
    if (shows != stage::all_clear) merge_into(found, {own_threat(at->first, cause::held, shows, policy), std::nullopt});
    at = level == stage::all_clear ? zone.held.erase(at) : std::next(at);
  }
  return found;
}

void hold_again(zone_state& zone, threat const& was, stage declared, utc_time now) {
  auto& held = zone.held[was.kind];
  held.within_declared = was.asks <= declared;
  for (std::size_t i = 0; i <= index_of(was.asks); ++i) held.last_asked[i] = now;
}

}  // namespace siren
