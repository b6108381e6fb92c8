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

/// The segment's points from end to end.
std::vector<plane_point> line_of(street_graph const& streets, segment_index s, local_plane const& plane) {
  auto const forward = streets.segment(s).forward;
  std::vector<plane_point> line{plane.to_plane(streets.place(streets.source(forward)))};
  for (auto const p : streets.inner_shape(s)) line.push_back(plane.to_plane(to_lat_lon(p)));
  line.push_back(plane.to_plane(streets.place(streets.edge(forward).target())));
  return line;
}

bool is_near(plane_point at, std::vector<plane_point> const& line, meters radius) {
  for (std::size_t i = 1; i < line.size(); ++i)
    if (distance_m(at, line[i - 1], line[i]) <= radius.value) return true;
  return false;
}

/// Adds the bridges that adjoin those found, again and again.
void take_whole(street_graph const& streets, std::vector<bool>& taken, std::vector<segment_index>& found) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto const forward = streets.segment(found[i]).forward;
    for (auto const end : {streets.source(forward), streets.edge(forward).target()})
      for (auto const& e : streets.edges_of(end)) {
        if (taken[e.segment().value] || !is_bridge(streets, e.segment())) continue;
        taken[e.segment().value] = true;
        found.push_back(e.segment());
      }
  }
  std::sort(found.begin(), found.end());
}

}  // namespace

std::vector<segment_index> bridges_near(street_graph const& streets, lat_lon place, meters radius) {
  local_plane const plane{place};
  std::vector<bool> taken(streets.segment_count(), false);
  std::vector<segment_index> found;
  for (std::uint32_t s = 0; s < streets.segment_count(); ++s) {
    segment_index const at{s};
    if (!is_bridge(streets, at) || !is_near({}, line_of(streets, at, plane), radius)) continue;
    taken[s] = true;
    found.push_back(at);
  }
  take_whole(streets, taken, found);
  return found;
}

std::vector<segment_index> bridges_named(street_graph const& streets, std::string_view name, meters beside) {
  std::vector<segment_index> bridges;
  std::vector<segment_index> found;
  std::vector<bool> taken(streets.segment_count(), false);
  for (std::uint32_t s = 0; s < streets.segment_count(); ++s) {
    auto const& segment = streets.segment(segment_index{s});
    if (!is_bridge(streets, segment_index{s})) continue;
    bridges.emplace_back(s);
    if (name.empty() || (streets.name(segment.name) != name && streets.name_latin(segment.name) != name)) continue;
    taken[s] = true;
    found.emplace_back(s);
  }
  if (found.empty()) return found;
  local_plane const plane{streets.place(streets.source(streets.segment(found.front()).forward))};
  std::vector<std::vector<plane_point>> named;
  named.reserve(found.size());
  for (auto const s : found) named.push_back(line_of(streets, s, plane));
  for (auto const s : bridges) {
    auto const line = line_of(streets, s, plane);
    bool const along = std::all_of(line.begin(), line.end(), [&](plane_point p) {
      return std::any_of(named.begin(), named.end(), [&](auto const& n) { return is_near(p, n, beside); });
    });
    if (!along || taken[s.value]) continue;
    taken[s.value] = true;
    found.push_back(s);
  }
  take_whole(streets, taken, found);
  return found;
}

}  // namespace siren
