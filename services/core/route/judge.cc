#include "core/route/judge.h"

#include <algorithm>
#include <cmath>

namespace siren {
namespace {

/// How a person leaves their own stretch of street: straight to a door on it, or to one of its ends.
struct start {
  std::uint64_t usual_ms = UINT64_MAX;  // all the way in
  std::uint64_t before_ms = 0;          // of it, to the node; a start at a door has none
  std::uint32_t door = kNoIndex;
  std::optional<node_index> node;  // absent: the door is on the stretch
  leg first{edge_index{kNoIndex}, 0, 0};
};

bool usable(guide_view const& view) {
  return view.current != nullptr && view.current->graph == view.streets.id() && view.snap.graph() == view.streets.id();
}

/// The part of the segment from one place on it to another, both measured along its forward edge.
leg leg_between(street_graph const& streets, edge_index forward, std::uint32_t from_cm, std::uint32_t to_cm) {
  if (to_cm >= from_cm) return {forward, from_cm, to_cm};
  auto const& edge = streets.edge(forward);
  return {edge.reverse(), edge.length_cm() - from_cm, edge.length_cm() - to_cm};
}

std::optional<std::uint32_t> leg_ms(street_graph const& streets, edge_costs const& costs, leg const& part) {
  if (part.to_cm == part.from_cm) return 0;
  auto const& edge = streets.edge(part.edge);
  if (!costs.allows(edge)) return std::nullopt;
  return costs.cost_ms(part.to_cm - part.from_cm, edge.flags());
}

void consider_end(guide_view const& view, profile_plan const& profile, snapped const& at, bool source, start& best) {
  auto const& edge = view.streets.edge(at.edge);
  node_index const node = source ? view.streets.source(at.edge) : edge.target();
  auto const& guide = profile.nodes[node.value];
  auto const part = leg_between(view.streets, at.edge, at.along_cm, source ? 0 : edge.length_cm());
  auto const on_street = leg_ms(view.streets, profile.costs, part);
  if (guide.door == kNoIndex || !on_street) return;
  std::uint64_t const before = std::uint64_t{profile.costs.flat_ms(at.access_cm)} + *on_street;
  if (before + guide.usual_ms < best.usual_ms) best = {before + guide.usual_ms, before, guide.door, node, part};
}

void consider_doors_here(guide_view const& view, profile_plan const& profile, snapped const& at, start& best) {
  auto const edge_of = [&](std::uint32_t door) { return profile.anchors[door].edge; };
  auto door = std::lower_bound(profile.by_edge.begin(), profile.by_edge.end(), at.edge,
                               [&](std::uint32_t d, edge_index e) { return edge_of(d) < e; });
  for (; door != profile.by_edge.end() && edge_of(*door) == at.edge; ++door) {
    auto const& to = profile.anchors[*door];
    auto const part = leg_between(view.streets, at.edge, at.along_cm, to.along_cm);
    auto const on_street = leg_ms(view.streets, profile.costs, part);
    if (!on_street) continue;
    std::uint64_t const usual = std::uint64_t{profile.costs.flat_ms(at.access_cm)} + *on_street +
                                profile.costs.flat_ms(to.access_cm) + to.inside_ms;
    if (usual < best.usual_ms) best = {usual, 0, *door, std::nullopt, part};
  }
}

void add_leg(walk& w, leg const& part) {
  if (part.to_cm > part.from_cm) w.legs.push_back(part);
}

/// Appends the pointers from `node` and the door's own stretch.
void follow(street_graph const& streets, profile_plan const& profile, node_index node, walk& w) {
  auto const door = profile.nodes[node.value].door;
  while (profile.nodes[node.value].next.value != kNoIndex) {
    auto const next = profile.nodes[node.value].next;
    add_leg(w, {next, 0, streets.edge(next).length_cm()});
    node = streets.edge(next).target();
  }
  auto const& to = profile.anchors[door];
  auto const& edge = streets.edge(to.edge);
  auto const by_source = streets.source(to.edge) == node ? last_stretch_ms(streets, profile.costs, to, true) : kNoIndex;
  auto const by_target = edge.target() == node ? last_stretch_ms(streets, profile.costs, to, false) : kNoIndex;
  add_leg(w, leg_between(streets, to.edge, by_source <= by_target ? 0 : edge.length_cm(), to.along_cm));
}

guidance cover(verdict_reason why, std::uint64_t plan_version, std::optional<seconds> margin = std::nullopt) {
  guidance told;
  told.because = why;
  told.plan_version = plan_version;
  told.margin = margin;
  return told;
}

/// A dry daytime's walk in these conditions, all of it unlit.
milliseconds expected_case(milliseconds usual, guidance_policy const& policy) {
  auto const dry = policy.walking.pace(gait::foot, {});
  auto const now = policy.walking.pace(gait::foot, policy.conditions);
  double const share = now.flat.value * now.unlit / dry.flat.value;
  return milliseconds{static_cast<std::int64_t>(std::ceil(static_cast<double>(usual.count()) / share))};
}

milliseconds slow_case(milliseconds usual, guidance_policy const& policy) {
  return policy.walking.slow_case(expected_case(usual, policy));
}

seconds rounded_up(milliseconds t) {
  return std::chrono::ceil<seconds>(t);
}

/// The verdict's reason for a walk with this slow case, and the margin.
struct judgement {
  verdict_reason because;
  std::optional<seconds> margin;
};
judgement weigh(seconds slow, std::optional<utc_time> deadline, utc_time now, guidance_policy const& policy) {
  if (slow > policy.longest_walk) return {verdict_reason::none_reachable, std::nullopt};
  if (!deadline) return {verdict_reason::no_deadline, std::nullopt};
  seconds const margin = std::chrono::floor<seconds>(*deadline - now) - slow;
  return {margin >= policy.arrival_margin ? verdict_reason::in_time : verdict_reason::too_late, margin};
}

bool goes(verdict_reason because) {
  return because == verdict_reason::in_time || because == verdict_reason::no_deadline;
}

guidance send(guide_view const& view, profile_plan const& profile, std::uint32_t door, walk w, milliseconds usual,
              judgement const& judged, guidance_policy const& policy) {
  auto const& to = view.current->doors[door];
  auto const& at = profile.anchors[door];
  w.to = to.place;
  w.door_cm = at.access_cm;
  w.inside_ms = at.inside_ms;
  guidance told;
  told.verdict = to.type == shelter_type::metro_station ? verdict_kind::go_metro : verdict_kind::go_shelter;
  told.because = judged.because;
  told.margin = judged.margin;
  told.to = to.shelter;
  told.entrance_index = to.entrance_index;
  told.door_index = door;
  told.plan_version = view.current->version;
  told.generated = to.generated || view.streets.generated();
  told.way = describe_walk(view.streets, profile.costs, w, policy.directions);
  told.way->expected = rounded_up(expected_case(usual, policy));
  told.way->slow_case = rounded_up(slow_case(usual, policy));
  for (auto& step : told.way->steps) step.duration = rounded_up(expected_case(step.duration, policy));
  return told;
}

milliseconds to_ms(std::uint64_t ms) {
  return milliseconds{static_cast<std::int64_t>(ms)};
}

}  // namespace

guidance judge(guide_view const& view, lat_lon position, walking_profile profile, std::optional<utc_time> deadline,
               utc_time now, guidance_policy const& policy) {
  if (!usable(view)) return cover(verdict_reason::plan_missing, 0);
  auto const& now_planned = view.current->of(profile);
  auto const version = view.current->version;
  auto const at = view.snap.nearest(position, now_planned.pace.wheels);
  if (!at) return cover(verdict_reason::too_far_from_street, version);
  start best;
  consider_end(view, now_planned, *at, true, best);
  consider_end(view, now_planned, *at, false, best);
  consider_doors_here(view, now_planned, *at, best);
  if (best.door == kNoIndex) return cover(verdict_reason::none_reachable, version);

  auto const usual = to_ms(best.usual_ms);
  auto const judged = weigh(rounded_up(slow_case(usual, policy)), deadline, now, policy);
  if (!goes(judged.because)) return cover(judged.because, version, judged.margin);
  walk w;
  w.from = position;
  w.access_cm = at->access_cm;
  w.street = at->point;
  add_leg(w, best.first);
  if (best.node) follow(view.streets, now_planned, *best.node, w);
  return send(view, now_planned, best.door, std::move(w), usual, judged, policy);
}

result<approach> approach_from(guide_view const& view, lat_lon position, walking_profile profile) {
  if (!usable(view)) return failure{reason::plan_missing, "no plan for these streets"};
  auto const& planned = view.current->of(profile);
  auto const at = view.snap.nearest(position, planned.pace.wheels);
  if (!at) return at.error();
  start best;
  consider_end(view, planned, *at, true, best);
  consider_end(view, planned, *at, false, best);
  if (!best.node) return failure{reason::no_reachable_shelter, "no open shelter is connected to this street"};
  auto const length_cm = at->access_cm + (best.first.to_cm - best.first.from_cm);
  return approach{*best.node, meters{length_cm / 100.0}, to_ms(best.before_ms)};
}

guidance guide_at_node(guide_view const& view, node_index node, walking_profile profile,
                       guidance_policy const& policy) {
  if (!usable(view)) return cover(verdict_reason::plan_missing, 0);
  verify(node.value < view.streets.node_count(), "the node is one of these streets");
  auto const& planned = view.current->of(profile);
  auto const& guide = planned.nodes[node.value];
  if (guide.door == kNoIndex) return cover(verdict_reason::none_reachable, view.current->version);
  auto const usual = to_ms(guide.usual_ms);
  auto const judged = weigh(rounded_up(slow_case(usual, policy)), std::nullopt, {}, policy);
  if (!goes(judged.because)) return cover(judged.because, view.current->version);
  walk w;
  w.from = w.street = view.streets.place(node);
  follow(view.streets, planned, node, w);
  return send(view, planned, guide.door, std::move(w), usual, judged, policy);
}

guidance under_deadline(guidance told, std::optional<utc_time> deadline, utc_time now, guidance_policy const& policy,
                        milliseconds before) {
  if (!told.way) return told;
  auto const slow = told.way->slow_case + rounded_up(slow_case(before, policy));
  auto const judged = weigh(slow, deadline, now, policy);
  if (!goes(judged.because)) return cover(judged.because, told.plan_version, judged.margin);
  told.because = judged.because;
  told.margin = judged.margin;
  return told;
}

guidance judge_at_node(guide_view const& view, node_index node, walking_profile profile,
                       std::optional<utc_time> deadline, utc_time now, guidance_policy const& policy,
                       milliseconds before) {
  return under_deadline(guide_at_node(view, node, profile, policy), deadline, now, policy, before);
}

}  // namespace siren
