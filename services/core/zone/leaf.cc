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

stage asked(sighting const& s, utc_time now, zone_policy const& policy) {
  auto const& rule = policy.of(s.kind);
  auto const seen = extent_of(s);
  auto const holds = [&](stage_rule const& r) {
    return seen.earliest - now <= r.earliest_within && seen.entering >= r.at_least;
  };
  if (holds(rule.take_cover)) return stage::take_cover;
  if (holds(rule.go)) return stage::go;
  return holds(rule.prepare) ? stage::prepare : stage::all_clear;
}

/// Notes which stages a sighting asks for at this time; gives the highest.
stage mark(zone_state& zone, sighting const& s, utc_time now, zone_policy const& policy) {
  auto const asks = asked(s, now, policy);
  if (asks == stage::all_clear) return asks;
  auto& held = zone.held[s.kind];
  for (std::size_t i = 0; i < kStages.size(); ++i) {
    if (asks >= kStages[i]) held.last_asked[i] = now;
  }
  return asks;
}

stage listed_level(zone_state const& zone, threat_class kind) {
  auto level = stage::all_clear;
  for (auto const& t : zone.listed) {
    if (t.shown.by == issuer::analysis && t.shown.kind == kind) level = std::max(level, t.shown.asks);
  }
  return level;
}

placed_threat as_threat(sighting const& s, stage asks, utc_time now, zone_policy const& policy) {
  auto const seen = extent_of(s);
  threat t;
  t.by = issuer::analysis;
  t.issuer_name = policy.own_name;
  t.kind = s.kind;
  t.asks = asks;
  t.from = s.newest.from;
  auto const earliest = std::max(seen.earliest, now);
  auto const latest = std::max(seen.latest, now);
  t.arrival = arrival_interval{earliest, std::clamp(s.newest.when.median, earliest, latest), latest};
  t.entering = s.newest.entering;
  return {t, s.position};
}

}  // namespace

bool remember(zone_state& zone, track const& from, approach const& seen, utc_time at, zone_policy const& policy) {
  sighting::extent const now{seen.when.earliest, seen.when.latest, seen.entering};
  auto const [known, first] = zone.sightings.try_emplace(from.id);
  auto& s = known->second;
  if (first) {
    s.recent = now;
    s.window_began = at;
  } else {
    mark(zone, s, at, policy);
    if (at - s.window_began >= policy.of(from.kind).memory) {
      s.previous = s.recent;
      s.recent = now;
      s.window_began = at;
    } else {
      s.recent = hull(s.recent, now);
    }
  }
  s.kind = from.kind;
  s.position = from.position;
  s.newest = seen;
  s.seen_at = at;
  zone.trace = from.trace;
  return asked(s, at, policy) > listed_level(zone, from.kind);
}

void forget(zone_state& zone, track_id track, utc_time now, zone_policy const& policy) {
  auto const known = zone.sightings.find(track);
  if (known == zone.sightings.end()) return;
  mark(zone, known->second, now, policy);
  zone.sightings.erase(known);
}

std::vector<placed_threat> judge_leaf(zone_state& zone, utc_time now, zone_policy const& policy) {
  std::vector<placed_threat> found;
  for (auto const& [id, s] : zone.sightings) {
    auto const asks = mark(zone, s, now, policy);
    if (asks != stage::all_clear) merge_into(found, as_threat(s, asks, now, policy));
  }
  std::erase_if(zone.held, [&](auto const& entry) {
    auto const& [kind, held] = entry;
    auto const& rule = policy.of(kind);
    auto level = stage::all_clear;
    for (std::size_t i = 0; i < kStages.size(); ++i) {
      auto const hold = kStages[i] == stage::prepare ? rule.clear_hold : rule.lower_hold;
      if (held.last_asked[i] && now - *held.last_asked[i] <= hold) level = kStages[i];
    }
    if (level == stage::all_clear) return true;
    threat kept;
    kept.by = issuer::analysis;
    kept.issuer_name = policy.own_name;
    kept.kind = kind;
    kept.asks = level;
    merge_into(found, {kept, std::nullopt});
    return false;
  });
  return found;
}

}  // namespace siren
