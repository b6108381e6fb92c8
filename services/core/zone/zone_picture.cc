#include "core/zone/zone_picture.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "core/base/verify.h"
#include "core/zone/leaf.h"

namespace siren {
namespace {

/// Ids of launches among a zone's sightings: above every track's.
constexpr std::uint64_t kLaunchIds = std::uint64_t{1} << 63;

/// One event while it is worked on.
struct occasion {
  zone_picture& state;
  zone_map const& zones;
  zone_policy const& policy;
  std::vector<std::size_t> touched{};  // positions in zones
  std::unordered_map<std::size_t, std::vector<placed_threat>> declared{};
  std::optional<std::vector<placed_threat>> carriers{};

  [[nodiscard]] zone_id const& id_at(std::size_t position) const { return zones.all()[position].id; }
  [[nodiscard]] zone_state& state_at(std::size_t position) const { return state.zones[id_at(position)]; }
  void touch_tree(std::size_t root) {
    auto const& below = zones.descendants_at(root);
    touched.push_back(root);
    touched.insert(touched.end(), below.begin(), below.end());
  }
  /// A region's alarm or order concerns the region and everything in it.
  void touch_tree(zone_id const& root) {
    for (auto const at : zones.meant_by(root)) touch_tree(at);
  }
  void touch_all() {
    for (std::size_t i = 0; i < zones.all().size(); ++i) touched.push_back(i);
  }
};

void forget_in(occasion& o, zone_picture::sighted_zones const& zones, track_id id) {
  for (auto const at : zones) forget(o.state_at(at), id, o.state.now, o.policy);
}

void drop(occasion& o, std::map<track_id, zone_picture::followed>::iterator at) {
  forget_in(o, at->second.zones, at->first);
  o.state.tracks.erase(at);
}

/// Where a track is, against where it would be had it flown on as it was last looked at.
bool left_its_course(track const& before, track const& now, class_rule const& rule) {
  constexpr double kCourseShare = 2.0;
  constexpr double kSpeedShare = 6.0;
  constexpr double kWayShare = 10.0;
  auto const& v = before.velocity;
  auto const speed = std::hypot(v.east.value, v.north.value);
  auto const turned = std::hypot((now.velocity.east - v.east).value, (now.velocity.north - v.north).value);
  if (turned > speed * std::min(1.0 / kSpeedShare, to_radians(rule.arrival.course_sigma) / kCourseShare)) return true;
  auto const seconds_on = std::chrono::duration<double>(now.updated_at - before.updated_at).count();
  auto const moved = local_plane{before.position}.to_plane(now.position);
  auto const off =
      std::hypot(moved.east.value - v.east.value * seconds_on, moved.north.value - v.north.value * seconds_on);
  return off > speed * static_cast<double>(rule.arrival.narrowest.count()) / kWayShare;
}

/// Once a period, each track at a time of its own: a raid that was born in one second is not looked at in one.
bool look_is_due(track const& looked, track const& now, seconds look_again) {
  constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15;  // golden ratio: neighbouring ids lie far apart
  auto const period = microseconds{look_again}.count();
  if (period <= 0) return true;
  auto const phase = static_cast<std::int64_t>(now.id.value * kSpread % static_cast<std::uint64_t>(period));
  auto const turn = [&](utc_time at) { return (at.time_since_epoch().count() + phase) / period; };
  return turn(now.updated_at) > turn(looked.updated_at);
}

bool must_look(zone_picture::followed const& known, track const& now, backing const& support, class_rule const& rule) {
  if (!known.looked || known.looked->kind != now.kind || known.support != support) return true;
  return look_is_due(*known.looked, now, rule.look_again) || left_its_course(*known.looked, now, rule);
}

/// A zone not seen any more is let go once its memory is over; until then it stays in `seen`.
void let_go_unseen(occasion& o, zone_picture::followed& known, seconds memory, zone_picture::sighted_zones& seen) {
  auto const count = static_cast<std::ptrdiff_t>(seen.size());
  for (auto const at : known.zones) {
    if (std::binary_search(seen.begin(), seen.begin() + count, at)) continue;
    auto& zone = o.state_at(at);
    if (o.state.now - zone.sightings.at(known.last.id).seen_at < memory)
      seen.push_back(at);
    else
      forget(zone, known.last.id, o.state.now, o.policy);
  }
  std::inplace_merge(seen.begin(), seen.begin() + count, seen.end());
}

void look(occasion& o, zone_picture::followed& known, track const& now) {
  auto const& rule = o.policy.of(now.kind);
  auto const& traits = traits_of(o.policy.traits, now.kind);
  auto const worth_saying = std::min({rule.prepare.at_least, rule.go.at_least, rule.take_cover.at_least});
  // What asks for nothing before the next look.
  auto const soon_enough =
      std::max({rule.prepare.earliest_within, rule.go.earliest_within, rule.take_cover.earliest_within}) +
      2 * rule.look_again;
  flight_fan const fan{now, traits, rule.arrival};
  auto const region = plausible_region::around(now, traits, rule.region);
  zone_picture::sighted_zones seen_in;
  for (auto const at : o.zones.leaf_positions()) {
    auto const& border = o.zones.outline_at(at);
    auto seen = fan.towards(border, worth_saying, soon_enough);
    if (!seen && region) seen = region->towards(border);
    if (!seen) continue;
    seen_in.push_back(at);
    leaf_news const news{now.id, cause::tracked, now.kind, now.position, *seen, known.support, now.trace};
    if (remember(o.state_at(at), news, o.state.now, o.policy)) o.touched.push_back(at);
  }
  let_go_unseen(o, known, rule.memory, seen_in);
  known.zones = std::move(seen_in);
}

void take(occasion& o, track_change const& change) {
  auto const& now = change.now;
  auto const at = o.state.tracks.find(now.id);
  if (change.end == track_end::coasted_out) {
    if (at != o.state.tracks.end() && !at->second.lost_at) at->second.lost_at = o.state.now;
    return;
  }
  if (change.end != track_end::none || !now.confirmed) {
    if (at != o.state.tracks.end()) drop(o, at);
    return;
  }
  auto& known = o.state.tracks[now.id];
  known.last = now;
  known.lost_at.reset();
  auto const support = backing_of(now.sources, o.state.trust, o.policy.trust);
  if (!must_look(known, now, support, o.policy.of(now.kind))) return;
  known.support = support;
  known.looked = now;
  look(o, known, now);
}

using launch_entry = std::map<std::pair<source_id, std::string>, zone_picture::followed_launch>::iterator;

void forget_launch(occasion& o, launch_entry at) {
  forget_in(o, at->second.zones, at->second.as);
  o.state.launches.erase(at);
}

void take(occasion& o, launch_report const& said) {
  auto& launches = o.state.launches;
  auto const& region = o.policy.of(said.kind).region;
  std::pair const key{said.source, said.native_id};
  auto const known = launches.find(key);
  if (known != launches.end()) {
    if (said.at < known->second.last.at) return;
    forget_launch(o, known);
  }
  if (said.over || region.reach.value <= 0.0 || o.state.now - said.at > region.lasts) return;
  if (launches.size() >= o.policy.most_launches)
    forget_launch(o, std::min_element(launches.begin(), launches.end(), [](auto const& a, auto const& b) {
                    return a.second.last.at < b.second.last.at;
                  }));
  auto& now = launches[key];
  now.last = said;
  now.as = track_id{kLaunchIds + ++o.state.launches_seen};
  plausible_region const where{said, traits_of(o.policy.traits, said.kind), region};
  auto const support = backing_of({said.source}, o.state.trust, o.policy.trust);
  for (auto const at : o.zones.leaf_positions()) {
    auto const seen = where.towards(o.zones.outline_at(at));
    if (!seen) continue;
    now.zones.push_back(at);
    leaf_news const news{now.as, cause::launched, said.kind, said.from, *seen, support, said.trace};
    if (remember(o.state_at(at), news, o.state.now, o.policy)) o.touched.push_back(at);
  }
}

void take(occasion& o, region_alarm const& said) {
  auto const carrier = said.type == alarm_type::carrier;
  if (carrier && said.active && o.state.now - said.changed_at > o.policy.carrier_lasts) return;
  for (auto const& region : apply(o.state.official, said)) {
    if (carrier)
      o.touch_all();
    else
      o.touch_tree(region);
  }
}

void take(occasion& o, feed_state const& feed) {
  if (feed.trust) o.state.trust[feed.source] = *feed.trust;
  if (!apply(o.state.official, feed).empty()) o.touch_all();
}

void take(occasion& o, operator_order const& order) {
  auto& by_operator = o.state.orders[order.zone];
  auto const known = by_operator.find(order.operator_name);
  if (known != by_operator.end() && order.at < known->second.at) return;
  // A withdrawal is kept as the operator's last word, so that an older order that arrives late does not revive.
  by_operator.insert_or_assign(order.operator_name, order);
  o.touch_tree(order.zone);
}

void end_the_old(occasion& o) {
  auto const now = o.state.now;
  for (auto at = o.state.tracks.begin(); at != o.state.tracks.end();) {
    auto const next = std::next(at);
    auto& known = at->second;
    auto const silence = traits_of(o.policy.traits, known.last.kind).coast_limit * o.policy.silent_coasts;
    if (!known.lost_at && now - known.last.updated_at > silence) known.lost_at = now;
    if (known.lost_at && now - *known.lost_at > o.policy.of(known.last.kind).lost_hold) drop(o, at);
    at = next;
  }
  for (auto at = o.state.launches.begin(); at != o.state.launches.end();) {
    auto const next = std::next(at);
    auto const& last = at->second.last;
    if (now - last.at > o.policy.of(last.kind).region.lasts) forget_launch(o, at);
    at = next;
  }
  if (!end_old_carriers(o.state.official, now - o.policy.carrier_lasts).empty()) o.touch_all();
}

void take(occasion& o, tick const&) {
  end_the_old(o);
  // What a track change left for later waits here too: lowering, holds, intervals.
  for (auto const& [id, zone] : o.state.zones) {
    if (zone.sightings.empty() && zone.held.empty() && zone.listed.empty() && zone.shown.threats.empty()) continue;
    if (auto const at = o.zones.position_of(id)) o.touched.push_back(*at);
  }
}

placed_threat declared_threat(official_alarm const& alarm, zone_policy const& policy) {
  threat t;
  t.by = issuer::official;
  t.issuer_name = alarm.issuer_name;
  t.why = cause::declared;
  t.alarm = alarm.type;
  t.asks = policy.official_asks[static_cast<std::size_t>(alarm.type)];
  return {t, std::nullopt};
}

/// Official alarms and orders on exactly this id, but carriers.
void add_declared(occasion const& o, zone_id const& id, std::vector<placed_threat>& list) {
  for (auto const& alarm : alarms_of(o.state.official, id))
    if (alarm.type != alarm_type::carrier) merge_into(list, declared_threat(alarm, o.policy));
  if (o.state.orders.empty()) return;
  auto const orders = o.state.orders.find(id);
  if (orders == o.state.orders.end()) return;
  for (auto const& [name, order] : orders->second) {
    if (order.level == stage::all_clear) continue;
    threat t;
    t.by = issuer::city_operator;
    t.issuer_name = o.policy.operator_name;
    t.why = cause::ordered;
    t.asks = order.level;
    merge_into(list, {t, std::nullopt});
  }
}

/// On exactly this zone, under its id of today and those that it replaces.
std::vector<placed_threat> declared_at(occasion const& o, std::size_t position) {
  std::vector<placed_threat> list;
  add_declared(o, o.id_at(position), list);
  for (auto const& gone : o.zones.all()[position].replaces) add_declared(o, gone, list);
  return list;
}

/// Everything that people declared for this zone, on it, around it or everywhere.
std::vector<placed_threat> declared_for(occasion& o, std::size_t position) {
  auto list = declared_at(o, position);
  for (auto const above : o.zones.ancestors_at(position)) {
    auto const [known, first] = o.declared.try_emplace(above);
    if (first) known->second = declared_at(o, above);
    for (auto const& t : known->second) merge_into(list, t);
  }
  if (!o.carriers) {
    o.carriers.emplace();
    for (auto const& alarm : carriers_of(o.state.official)) merge_into(*o.carriers, declared_threat(alarm, o.policy));
  }
  for (auto const& t : *o.carriers) merge_into(list, t);
  return list;
}

danger judge(occasion& o, std::size_t position, zone_state& zone) {
  auto const& id = o.id_at(position);
  auto list = declared_for(o, position);
  auto const own = highest(list);
  zone.declared = own;
  auto const& children = o.zones.children_at(position);
  if (children.empty()) {
    for (auto const& t : judge_leaf(zone, o.state.now, o.policy)) merge_into(list, t);
  }
  for (auto const child : children) {
    auto const below = o.state.zones.find(o.id_at(child));
    if (below == o.state.zones.end()) continue;
    for (auto const& rolled : below->second.listed) {
      if (!rolled.nearest) {
        merge_into(list, rolled);
        continue;
      }
      auto seen = rolled;
      seen.shown.from = octant_of(course(o.zones.outline_of(id).middle(), *rolled.nearest));
      merge_into(list, seen);
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
std::vector<std::size_t> bottom_up(occasion const& o) {
  auto order = o.touched;
  for (auto const at : o.touched) {
    auto const& above = o.zones.ancestors_at(at);
    order.insert(order.end(), above.begin(), above.end());
  }
  std::sort(order.begin(), order.end(), std::greater<>{});
  order.erase(std::unique(order.begin(), order.end()), order.end());
  return order;
}

std::vector<danger_change> settle(occasion& o, origin const& because, bool is_touch) {
  std::vector<danger_change> changes;
  auto const now = o.state.now;
  for (auto const at : bottom_up(o)) {
    auto& zone = o.state_at(at);
    zone.shown.zone = o.id_at(at);
    if (is_touch) zone.trace = because.trace;
    auto found = judge(o, at, zone);
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
utc_time time_of(launch_report const& e) {
  return e.at;
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
origin origin_of(launch_report const& e) {
  return {e.trace, e.received_at};
}

/// A zone's own analysis goes on where the zone is, or where it went. A zone that was no leaf showed its children's
/// threats, which they hold themselves: above what is declared it was `partly` in alarm then. One that was a leaf and
/// has children now gives them what it showed.
void hold_leaves(occasion& o, danger const& was) {
  for (auto const at : o.zones.meant_by(was.zone)) {
    auto const declared = highest(declared_for(o, at));
    auto const leaf = o.zones.children_at(at).empty();
    for (auto const& t : was.threats) {
      if (t.by != issuer::analysis || (!leaf && (was.partly || t.asks <= declared))) continue;
      if (leaf) hold_again(o.state_at(at), t, declared, o.state.now);
      for (auto const below : o.zones.descendants_at(at))
        if (o.zones.children_at(below).empty()) hold_again(o.state_at(below), t, declared, o.state.now);
    }
  }
}

}  // namespace

std::vector<danger_change> apply(zone_picture& state, zone_event const& event, zone_map const& zones,
                                 zone_policy const& policy) {
  return std::visit(
      [&](auto const& e) {
        state.now = std::max(state.now, time_of(e));
        occasion o{state, zones, policy};
        take(o, e);
        auto const because = origin_of(e);
        return settle(o, because, !because.trace.value.empty());
      },
      event);
}

void restore(zone_picture& state, zone_memory const& memory, zone_map const& zones, zone_policy const& policy) {
  verify(state.zones.empty() && state.tracks.empty(), "a picture is restored once, while empty");
  state.now = memory.at;
  occasion o{state, zones, policy};
  for (auto const& alarm : memory.alarms) take(o, alarm);
  for (auto const& order : memory.orders) take(o, order);
  for (auto const& was : memory.shown) {
    for (auto const at : o.zones.meant_by(was.zone)) o.touch_tree(at);
    hold_leaves(o, was);
    if (!o.zones.position_of(was.zone)) continue;
    auto& zone = state.zones[was.zone];
    zone.shown = was;
    zone.shown_at = memory.at;
  }
  for (auto const at : bottom_up(o)) {
    auto& zone = o.state_at(at);
    zone.shown.zone = o.id_at(at);
    static_cast<void>(judge(o, at, zone));
  }
}

}  // namespace siren
