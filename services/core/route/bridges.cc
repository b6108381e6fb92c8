#include <algorithm>
#include <cmath>

#include "core/route/walking.h"

namespace siren {
namespace {

bool is_bridge(street_graph const& streets, segment_index s) {
  return (streets.segment(s).traits & kBridge) != 0;
}

/// Of a point from the straight piece between two others.
double distance_m(plane_point at, plane_point a, plane_point b) {
  double const east = (b.east - a.east).value;
  double const north = (b.north - a.north).value;
  double const to_east = (at.east - a.east).value;
  double const to_north = (at.north - a.north).value;
  double const squared = east * east + north * north;
  double const t = squared > 0.0 ? std::clamp((to_east * east + to_north * north) / squared, 0.0, 1.0) : 0.0;
  return std::hypot(to_east - t * east, to_north - t * north);
}

bool passes(street_graph const& streets, segment_index s, local_plane const& plane, meters radius) {
  auto const& edge = streets.edge(streets.segment(s).forward);
  auto from = plane.to_plane(streets.place(streets.source(streets.segment(s).forward)));
  auto const reaches = [&](lat_lon place) {
    auto const to = plane.to_plane(place);
    bool const near = distance_m({}, from, to) <= radius.value;
    from = to;
    return near;
  };
  for (auto const p : streets.inner_shape(s))
    if (reaches(to_lat_lon(p))) return true;
  return reaches(streets.place(edge.target()));
}

}  // namespace

std::vector<segment_index> bridges_near(street_graph const& streets, lat_lon place, meters radius) {
  local_plane const plane{place};
  std::vector<bool> taken(streets.segment_count(), false);
  std::vector<segment_index> found;
  auto const take = [&](segment_index s) {
    if (taken[s.value] || !is_bridge(streets, s)) return;
    taken[s.value] = true;
    found.push_back(s);
  };
  for (std::uint32_t s = 0; s < streets.segment_count(); ++s)
    if (is_bridge(streets, segment_index{s}) && passes(streets, segment_index{s}, plane, radius))
      take(segment_index{s});
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto const forward = streets.segment(found[i]).forward;
    for (auto const end : {streets.source(forward), streets.edge(forward).target()})
      for (auto const& e : streets.edges_of(end)) take(e.segment());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace siren
