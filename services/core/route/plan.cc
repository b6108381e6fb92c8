#include "core/route/plan.h"

#include <algorithm>

#include "core/base/verify.h"

namespace siren {
namespace {

bool lifts_stopped(shelter const& s) {
  return s.role == metro_role::no_escalator || s.role == metro_role::no_power;
}

std::uint32_t inside_ms(shelter const& s, plan_policy const& policy) {
  if (s.type != shelter_type::metro_station) return 0;
  milliseconds const way = lifts_stopped(s) ? policy.metro_descent_on_foot : policy.metro_descent;
  return static_cast<std::uint32_t>(way.count());
}

anchor anchor_at(snap_index const& snap, lat_lon place, bool wheels, std::uint32_t inside, plan_policy const& policy) {
  auto const near = snap.nearest(place, wheels);
  auto const farthest = wheels ? policy.farthest_door_wheels : policy.farthest_door;
  if (!near || near->access_cm > farthest.value * 100.0) return {};
  return {near->edge, near->along_cm, near->access_cm, inside};
}

/// Doors of shelters that take people, and their anchors in every profile.
void add_doors(snap_index const& snap, shelter const& s, plan_policy const& policy, made_plan& made) {
  for (std::uint32_t i = 0; i < s.entrances.size(); ++i) {
    auto const& way_in = s.entrances[i];
    auto const inside = inside_ms(s, policy);
    auto const on_foot = anchor_at(snap, way_in.place, false, inside, policy);
    if (on_foot.edge.value == kNoIndex) {
      ++made.counts.entrances_far_from_street;
      continue;
    }
    bool const step_free = s.step_free && way_in.step_free && !lifts_stopped(s);
    auto const on_wheels = step_free ? anchor_at(snap, way_in.place, true, inside, policy) : anchor{};
    if (on_wheels.edge.value == kNoIndex) ++made.counts.entrances_not_for_wheels;
    made.now.doors.push_back(
        {s.id, i, s.type, s.role, s.name_uk, s.name_en, way_in.name, way_in.place, step_free, s.generated});
    for (auto& profile : made.now.profiles) profile.anchors.push_back(profile.pace.wheels ? on_wheels : on_foot);
  }
}

std::vector<field_source> sources_of(street_graph const& streets, profile_plan const& profile) {
  std::vector<field_source> sources;
  for (std::uint32_t door = 0; door < profile.anchors.size(); ++door) {
    auto const& at = profile.anchors[door];
    if (at.edge.value == kNoIndex) continue;
    for (bool const from_source : {true, false}) {
      auto const usual_ms = last_stretch_ms(streets, profile.costs, at, from_source);
      auto const node = from_source ? streets.source(at.edge) : streets.edge(at.edge).target();
      if (usual_ms != kNoIndex) sources.push_back({door, node, usual_ms});
    }
  }
  return sources;
}

}  // namespace

void index_profile(profile_plan& p) {
  p.costs = edge_costs{p.pace};
  p.by_edge.clear();
  for (std::uint32_t door = 0; door < p.anchors.size(); ++door)
    if (p.anchors[door].edge.value != kNoIndex) p.by_edge.push_back(door);
  std::stable_sort(p.by_edge.begin(), p.by_edge.end(),
                   [&](auto a, auto b) { return p.anchors[a].edge < p.anchors[b].edge; });
}

made_plan make_plan(street_graph const& streets, snap_index const& snap, std::span<shelter const> shelters,
                    plan_policy const& policy, std::uint64_t version, assignment_rule rule) {
  verify(snap.graph() == streets.id(), "the snap index is of these streets");
  made_plan made;
  made.now.version = version;
  made.now.graph = streets.id();
  for (auto const p : kAllProfiles) made.now.profiles[index_of(p)].pace = policy.walking.pace(p, policy.conditions);
  for (auto const& s : shelters) {
    ++made.counts.shelters;
    if (takes_people(s))
      add_doors(snap, s, policy, made);
    else
      ++made.counts.shelters_not_open;
  }
  for (std::size_t i = 0; i < kWalkingProfiles; ++i) {
    auto& profile = made.now.profiles[i];
    index_profile(profile);
    profile.nodes = rule(streets, profile.costs, sources_of(streets, profile));
    made.counts.nodes_without_shelter[i] = static_cast<std::uint64_t>(
        std::count_if(profile.nodes.begin(), profile.nodes.end(), [](auto const& n) { return n.door == kNoIndex; }));
  }
  return made;
}

}  // namespace siren
