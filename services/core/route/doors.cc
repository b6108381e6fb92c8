#include "core/route/doors.h"

#include <cmath>

namespace siren {
namespace {

anchor anchor_at(snap_index const& snap, lat_lon place, bool wheels, meters farthest, std::uint32_t inside_ms) {
  auto const near = snap.nearest(place, wheels);
  if (!near || near->access_cm > farthest.value * 100.0) return {};
  return {near->edge, near->along_cm, near->access_cm, inside_ms};
}

}  // namespace

placed_doors place_doors(snap_index const& snap, std::span<shelter const> shelters, metro_state const& metro,
                         walking_policy const& walking, door_policy const& policy) {
  placed_doors made;
  auto& foot = made.doors[static_cast<std::size_t>(gait::foot)];
  auto& wheels = made.doors[static_cast<std::size_t>(gait::wheels)];
  double const slower_on_wheels = walking.gaits[static_cast<std::size_t>(gait::foot)].flat /
                                  walking.gaits[static_cast<std::size_t>(gait::wheels)].flat;
  for (auto const& s : shelters) {
    milliseconds const inside = inside_seconds(s, role_now(metro, s), policy.metro);
    auto const inside_ms = static_cast<std::uint32_t>(inside.count());
    auto const inside_ms_wheels = static_cast<std::uint32_t>(std::ceil(inside_ms * slower_on_wheels));
    for (auto const& way_in : s.entrances) {
      foot.push_back(anchor_at(snap, way_in.place, false, policy.farthest, inside_ms));
      bool const step_free = s.step_free && way_in.step_free;
      wheels.push_back(step_free ? anchor_at(snap, way_in.place, true, policy.farthest_wheels, inside_ms_wheels)
                                 : anchor{});
      if (foot.back().edge.value == kNoIndex)
        ++made.far_from_street;
      else if (wheels.back().edge.value == kNoIndex)
        ++made.not_for_wheels;
    }
    made.first_door.push_back(static_cast<std::uint32_t>(foot.size()));
  }
  return made;
}

}  // namespace siren
