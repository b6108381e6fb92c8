#include "core/plan/ways.h"

#include <algorithm>

namespace siren {
namespace {

street_end end_of(city_view const& view, edge_costs const& costs, snapped const& at, bool source) {
  auto const& edge = view.streets.edge(at.edge);
  street_end end;
  end.node = source ? view.streets.source(at.edge) : edge.target();
  end.part = leg_between(view.streets, at.edge, at.along_cm, source ? 0 : edge.length_cm());
  auto const length_cm = end.part.to_cm - end.part.from_cm;
  auto const& walked = view.streets.edge(end.part.edge);
  end.open = length_cm == 0 || costs.allows(walked);
  if (!end.open) return end;
  end.before_ms =
      std::uint64_t{costs.flat_ms(at.access_cm)} + (length_cm == 0 ? 0 : costs.cost_ms(length_cm, walked.flags()));
  return end;
}

void consider_doors_here(city_view const& view, standing const& from, target_index to, way_in& best) {
  auto const& costs = view.walks->costs(from.g);
  auto const doors = view.walks->doors(from.g, to);
  for (std::size_t d = 0; d < doors.size(); ++d) {
    auto const& door = doors[d];
    if (door.edge != *from.edge) continue;
    auto const part = leg_between(view.streets, door.edge, from.along_cm, door.along_cm);
    auto const length_cm = part.to_cm - part.from_cm;
    auto const& walked = view.streets.edge(part.edge);
    if (length_cm != 0 && !costs.allows(walked)) continue;
    auto const ms = std::uint64_t{costs.flat_ms(from.access_cm)} +
                    (length_cm == 0 ? 0 : costs.cost_ms(length_cm, walked.flags())) + costs.flat_ms(door.access_cm) +
                    door.inside_ms;
    if (ms < best.ms) best = {ms, 2, 0, static_cast<std::uint16_t>(d)};
  }
}

}  // namespace

leg leg_between(street_graph const& streets, edge_index forward, std::uint32_t from_cm, std::uint32_t to_cm) {
  if (to_cm >= from_cm) return {forward, from_cm, to_cm};
  auto const& edge = streets.edge(forward);
  return {edge.reverse(), edge.length_cm() - from_cm, edge.length_cm() - to_cm};
}

result<standing> stand_at(city_view const& view, lat_lon position, gait g) {
  auto const at = view.snap.nearest(position, g == gait::wheels);
  if (!at) return at.error();
  return stand_on(view, position, *at, g);
}

standing stand_on(city_view const& view, lat_lon position, snapped const& at, gait g) {
  auto const& costs = view.walks->costs(g);
  standing from;
  from.g = g;
  from.position = position;
  from.access_cm = at.access_cm;
  from.street = at.point;
  from.edge = at.edge;
  from.along_cm = at.along_cm;
  from.ends = {end_of(view, costs, at, true), end_of(view, costs, at, false)};
  auto const& [a, b] = from.ends;
  from.home = b.open && (!a.open || b.before_ms < a.before_ms) ? 1 : 0;
  return from;
}

standing stand_at_node(city_view const& view, node_index node, gait g) {
  standing from;
  from.g = g;
  from.position = from.street = view.streets.place(node);
  from.ends[0].node = from.ends[1].node = node;
  from.ends[0].open = true;
  return from;
}

std::optional<reach_choice> entry_for(city_view const& view, gait g, node_index node, target_index to) {
  for (auto const& entry : view.by_node[static_cast<std::size_t>(g)]->at(node))
    if (entry.target == to) return entry;
  return std::nullopt;
}

std::optional<node_choice> choose_from(city_view const& view, standing& from, walking_profile profile,
                                       phone_share share, std::optional<node_index> belongs_to,
                                       judge_policy const& policy) {
  auto const& by_node = *view.by_node[static_cast<std::size_t>(from.g)];
  auto const known = [&](street_end const& end) { return end.open && !by_node.at(end.node).empty(); };
  if (!known(from.at_home()) && known(from.ends[1 - from.home])) from.home = 1 - from.home;
  if (belongs_to) {
    auto const to = choose(view, profile, *belongs_to, share, policy);
    if (to && best_way(view, from, to->walked_to(*view.plan))) return to;
  }
  return choose(view, profile, from.at_home().node, share, policy);
}

std::optional<way_in> best_way(city_view const& view, standing const& from, target_index to) {
  way_in best;
  for (std::size_t e = 0; e < from.ends.size(); ++e) {
    auto const& end = from.ends[e];
    if (!end.open) continue;
    auto const entry = entry_for(view, from.g, end.node, to);
    if (!entry) continue;
    auto const ms = end.before_ms + std::uint64_t{entry->time_ds} * 100;
    if (ms < best.ms) best = {ms, e, entry->local, 0};
  }
  if (from.edge) consider_doors_here(view, from, to, best);
  if (best.ms == UINT64_MAX) return std::nullopt;
  return best;
}

way_times times_of(city_view const& view, walking_profile profile, std::uint64_t ms_at_gait, std::uint16_t ride,
                   judge_policy const& policy) {
  auto const usual = policy.walking.usual(profile, milliseconds{static_cast<std::int64_t>(ms_at_gait)});
  way_times times{usual, policy.walking.slow_case(usual)};
  if (ride == kNoRide) return times;
  auto const& taken = view.plan->rides[ride];
  times.usual += milliseconds{100} * taken.usual_ds;
  times.slow += milliseconds{100} * taken.slow_ds;
  return times;
}

leg last_leg(city_view const& view, gait g, anchor const& door, node_index from) {
  auto const& costs = view.walks->costs(g);
  auto const& edge = view.streets.edge(door.edge);
  auto const by_source =
      view.streets.source(door.edge) == from ? last_stretch_ms(view.streets, costs, door, true) : kNoIndex;
  auto const by_target = edge.target() == from ? last_stretch_ms(view.streets, costs, door, false) : kNoIndex;
  return leg_between(view.streets, door.edge, by_source <= by_target ? 0 : edge.length_cm(), door.along_cm);
}

}  // namespace siren
