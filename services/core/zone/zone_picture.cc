#include "core/zone/zone_picture.h"

#include <algorithm>
#include <utility>

#include "core/base/verify.h"
#include "core/zone/leaf.h"

namespace siren {
namespace {

using zone_set = std::set<zone_id>;

struct occasion {
  zone_picture& state;
  zone_map const& zones;
  zone_policy const& policy;
  zone_set touched;
};

/// A region's alarm or order concerns the region and everything in it.
void touch_tree(occasion& o, zone_id const& root) {
  if (o.zones.find(root) == nullptr) return;
  o.touched.insert(root);
  for (auto const& below : o.zones.descendants(root)) o.touched.insert(below);
}

void drop(occasion& o, std::map<track_id, zone_picture::followed>::iterator at) {
  for (auto const& id : at->second.zones) forget(o.state.zones[id], at->first, o.state.now, o.policy);
  o.state.tracks.erase(at);
}

void sight(occasion& o, zone_picture::followed& known, track const& now) {
  known.last = now;
  known.lost_at.reset();
  auto const& rule = o.policy.of(now.kind);
  flight_fan const fan{now, traits_of(o.policy.traits, now.kind), rule.arrival};
  for (auto const& id : o.zones.leaves()) {
    if (auto const seen = fan.towards(o.zones.outline_of(id))) {
      known.zones.insert(id);
      if (remember(o.state.zones[id], now, *seen, o.state.now, o.policy)) o.touched.insert(id);
    } else if (known.zones.contains(id)) {
      auto& zone = o.state.zones[id];
      if (o.state.now - zone.sightings.at(now.id).seen_at < rule.memory) continue;
      forget(zone, now.id, o.state.now, o.policy);
      known.zones.erase(id);
    }
  }
}

void take(occasion& o, track_change const& change) {
  auto const at = o.state.tracks.find(change.now.id);
  if (change.end == track_end::coasted_out) {
    if (at != o.state.tracks.end() && !at->second.lost_at) at->second.lost_at = o.state.now;
    return;
  }
  if (change.end != track_end::none || !change.now.confirmed) {
    if (at != o.state.tracks.end()) drop(o, at);
    return;
  }
  sight(o, o.state.tracks[change.now.id], change.now);
}

void take(occasion& o, region_alarm const& said) {
  for (auto const& region : apply(o.state.official, said)) touch_tree(o, region);
}

void take(occasion& o, feed_state const& feed) {
  for (auto const& region : apply(o.state.official, feed)) touch_tree(o, region);
}

void take(occasion& o, operator_order const& order) {
  auto& by_operator = o.state.orders[order.zone];
  auto const known = by_operator.find(order.operator_name);
  if (known != by_operator.end() && order.at < known->second.at) return;
  // A withdrawal is kept as the operator's last word, so that an older order that arrives late does not revive.
  by_operator.insert_or_assign(order.operator_name, order);
  touch_tree(o, order.zone);
}

void take(occasion& o, tick const&) {
  auto const now = o.state.now;
  for (auto at = o.state.tracks.begin(); at != o.state.tracks.end();) {
    auto const next = std::next(at);
    auto& known = at->second;
    auto const silence = traits_of(o.policy.traits, known.last.kind).coast_limit * o.policy.silent_coasts;
    if (!known.lost_at && now - known.last.updated_at > silence) known.lost_at = now;
    if (known.lost_at && now - *known.lost_at > o.policy.of(known.last.kind).lost_hold) drop(o, at);
    at = next;
  }
  // What a track change left for later waits here too: lowering, holds, intervals.
  for (auto const& [id, zone] : o.state.zones) {
    if (!zone.sightings.empty() || !zone.held.empty() || !zone.listed.empty() || !zone.shown.threats.empty()) {
      o.touched.insert(id);
    }
  }
}

/// Official alarms and orders on exactly this zone.
void add_declared(occasion const& o, zone_id const& id, std::vector<placed_threat>& list) {
  for (auto const& alarm : alarms_of(o.state.official, id)) {
    threat t;
    t.by = issuer::official;
    t.issuer_name = alarm.issuer_name;
    t.alarm = alarm.type;
    t.asks = o.policy.official_asks[static_cast<std::size_t>(alarm.type)];
    merge_into(list, {t, std::nullopt});
  }
  auto const orders = o.state.orders.find(id);
  if (orders == o.state.orders.end()) return;
  for (auto const& [name, order] : orders->second) {
    if (order.level == stage::all_clear) continue;
    threat t;
    t.by = issuer::city_operator;
    t.issuer_name = o.policy.operator_name;
    t.asks = order.level;
    merge_into(list, {t, std::nullopt});
  }
}

danger judge(occasion& o, zone_id const& id, zone_state& zone) {
  std::vector<placed_threat> list;
  add_declared(o, id, list);
  for (auto const& above : o.zones.ancestors(id)) add_declared(o, above, list);
  auto const own = highest(list);
  auto const& children = o.zones.children(id);
  if (children.empty()) {
    for (auto const& t : judge_leaf(zone, o.state.now, o.policy)) merge_into(list, t);
  }
  for (auto const& child : children) {
    auto const below = o.state.zones.find(child);
    if (below == o.state.zones.end()) continue;
    for (auto rolled : below->second.listed) {
      if (rolled.nearest) rolled.shown.from = octant_of(course(o.zones.outline_of(id).middle(), *rolled.nearest));
      merge_into(list, rolled);
    }
  }
  sort_by_urgency(list);
  danger found{id, highest(list), false, {}};
  found.partly = !children.empty() && own < found.level;
  for (auto const& t : list) found.threats.push_back(t.shown);
  zone.listed = std::move(list);
  return found;
}

/// Touched zones and all above them, children before parents.
std::vector<zone_id> bottom_up(occasion const& o) {
  auto wanted = o.touched;
  for (auto const& id : o.touched) {
    if (o.zones.find(id) == nullptr) continue;
    wanted.insert(o.zones.ancestors(id).begin(), o.zones.ancestors(id).end());
  }
  std::vector<zone_id> order;
  auto const& all = o.zones.all();
  for (auto z = all.rbegin(); z != all.rend(); ++z) {
    if (wanted.contains(z->id)) order.push_back(z->id);
  }
  return order;
}

std::vector<danger_change> settle(occasion& o, origin const& because, bool is_touch) {
  std::vector<danger_change> changes;
  auto const now = o.state.now;
  for (auto const& id : bottom_up(o)) {
    auto& zone = o.state.zones[id];
    zone.shown.zone = id;
    if (is_touch) zone.trace = because.trace;
    auto found = judge(o, id, zone);
    auto const differs = compare(zone.shown, found, now, o.policy);
    auto const rested = !zone.shown_at || now - *zone.shown_at >= o.policy.update_gap;
    if (differs == difference::none || (differs == difference::refined && !rested)) continue;
    auto const before = std::exchange(zone.shown, std::move(found)).level;
    zone.shown_at = now;
    changes.push_back({zone.shown, before, now, is_touch ? because : origin{zone.trace, std::nullopt}});
  }
  return changes;
}

utc_time time_of(track_change const& e) {
  return e.now.updated_at;
}
utc_time time_of(region_alarm const& e) {
  return e.changed_at;
}
utc_time time_of(operator_order const& e) {
  return e.at;
}
utc_time time_of(feed_state const& e) {
  return e.at;
}
utc_time time_of(tick const& e) {
  return e.now;
}

origin origin_of(track_change const& e) {
  return {e.now.trace, e.now.received_at};
}
origin origin_of(region_alarm const& e) {
  return {e.trace, e.received_at};
}
origin origin_of(operator_order const& e) {
  return {e.trace, std::nullopt};
}
origin origin_of(feed_state const&) {
  return {};
}
origin origin_of(tick const&) {
  return {};
}

}  // namespace

std::vector<danger_change> apply(zone_picture& state, zone_event const& event, zone_map const& zones,
                                 zone_policy const& policy) {
  return std::visit(
      [&](auto const& e) {
        state.now = std::max(state.now, time_of(e));
        occasion o{state, zones, policy, {}};
        take(o, e);
        auto const because = origin_of(e);
        return settle(o, because, !because.trace.value.empty());
      },
      event);
}

void restore(zone_picture& state, zone_memory const& memory, zone_map const& zones, zone_policy const& policy) {
  verify(state.zones.empty() && state.tracks.empty(), "a picture is restored once, while empty");
  state.now = memory.at;
  occasion o{state, zones, policy, {}};
  for (auto const& alarm : memory.alarms) take(o, alarm);
  for (auto const& order : memory.orders) take(o, order);
  for (auto const& was : memory.shown) {
    if (zones.find(was.zone) == nullptr) continue;
    auto& zone = state.zones[was.zone];
    zone.shown = was;
    zone.shown_at = memory.at;
    o.touched.insert(was.zone);
    if (!zones.children(was.zone).empty()) continue;
    for (auto const& t : was.threats) {
      if (t.by != issuer::analysis) continue;
      for (auto s = stage::prepare; s <= t.asks; s = static_cast<stage>(static_cast<int>(s) + 1)) {
        zone.held[t.kind].last_asked[static_cast<std::size_t>(s) - static_cast<std::size_t>(stage::prepare)] =
            memory.at;
      }
    }
  }
  for (auto const& id : bottom_up(o)) {
    auto& zone = state.zones[id];
    zone.shown.zone = id;
    static_cast<void>(judge(o, id, zone));
  }
}

}  // namespace siren
