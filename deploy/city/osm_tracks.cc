#include "osm_tracks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace siren::city {
namespace {

struct link_at {
  metro_stop* stop;
  lat_lon from;
  lat_lon to;
};

meters to_segment(lat_lon at, lat_lon from, lat_lon to) {
  local_plane const plane{at};
  auto const a = plane.to_plane(from);
  auto const b = plane.to_plane(to);
  double const dx = b.east.value - a.east.value;
  double const dy = b.north.value - a.north.value;
  double const length = dx * dx + dy * dy;
  double const share = length > 0.0 ? std::clamp(-(a.east.value * dx + a.north.value * dy) / length, 0.0, 1.0) : 0.0;
  return meters{std::hypot(a.east.value + share * dx, a.north.value + share * dy)};
}

std::vector<link_at> links_of(metro_list& metro) {
  std::map<shelter_id, lat_lon> places;
  for (auto const& s : metro.stations) places[s.id] = s.place;
  std::vector<link_at> links;
  for (auto& line : metro.network.lines)
    for (std::size_t i = 0; i + 1 < line.stops.size(); ++i)
      if (line.stops[i].run > seconds{0})
        links.push_back({&line.stops[i], places.at(line.stops[i].station), places.at(line.stops[i + 1].station)});
  return links;
}

}  // namespace

void mark_surface_stations(metro_list& metro, std::vector<track_piece> const& tracks, track_policy const& policy) {
  std::map<shelter_id, bool> surface;
  for (auto& s : metro.stations) {
    auto nearest = policy.station_reach;
    for (auto const& piece : tracks) {
      auto const away = distance(s.place, piece.middle);
      if (away >= nearest) continue;
      nearest = away;
      s.surface = piece.open;
    }
    surface[s.id] = s.surface;
    if (!s.surface) continue;
    s.role = metro_role::closed;
    s.capacity = 0;
  }
  for (auto& line : metro.network.lines)
    for (auto& stop : line.stops) stop.surface = surface.at(stop.station);
}

void mark_exposed_links(metro_list& metro, std::vector<track_piece> const& tracks, track_policy const& policy) {
  auto const links = links_of(metro);
  std::vector<meters> away(links.size());
  for (auto const& piece : tracks) {
    if (!piece.open) continue;
    meters nearest{std::numeric_limits<double>::infinity()};
    for (std::size_t i = 0; i < links.size(); ++i) {
      away[i] = to_segment(piece.middle, links[i].from, links[i].to);
      nearest = std::min(nearest, away[i]);
    }
    if (nearest > policy.link_reach) continue;
    for (std::size_t i = 0; i < links.size(); ++i)
      if (away[i] <= nearest + policy.same_track) links[i].stop->exposed = true;
  }
}

}  // namespace siren::city
