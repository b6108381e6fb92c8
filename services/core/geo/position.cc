#include "core/geo/position.h"

#include <algorithm>
#include <cmath>

namespace siren {
namespace {

/// A difference of longitudes the short way round, (-180, 180].
double wrapped(double longitude) {
  if (std::abs(longitude) < 180.0) return longitude;  // as nearly always, and what remainder would give
  double const rest = std::remainder(longitude, 360.0);
  return rest <= -180.0 ? rest + 360.0 : rest;
}

double full_circle(double angle) {
  double const rest = std::fmod(angle, 360.0);
  double const positive = rest < 0.0 ? rest + 360.0 : rest;
  return positive >= 360.0 ? 0.0 : positive;
}

/// Nearer to a pole than this the longitude scale vanishes; the floor keeps to_place finite.
double scale_of_longitude(double latitude) {
  return std::max(std::cos(to_radians(degrees{latitude})), 1e-9);
}

constexpr double kMetersPerDegree = kEarthRadius.value * std::numbers::pi / 180.0;

}  // namespace

bool on_earth(lat_lon place) {
  return std::abs(place.lat.value) <= 90.0 && std::abs(place.lon.value) <= 180.0;  // false for NaN too
}

bool lat_lon_box::contains(lat_lon place) const {
  return place.lat >= south_west.lat && place.lat <= north_east.lat && place.lon >= south_west.lon &&
         place.lon <= north_east.lon;
}

meters distance(lat_lon from, lat_lon to) {
  double const half_lat = std::sin(to_radians(to.lat - from.lat) / 2.0);
  double const half_lon = std::sin(to_radians(to.lon - from.lon) / 2.0);
  double const h =
      half_lat * half_lat + std::cos(to_radians(from.lat)) * std::cos(to_radians(to.lat)) * half_lon * half_lon;
  return kEarthRadius * (2.0 * std::asin(std::sqrt(std::min(1.0, h))));
}

degrees course(lat_lon from, lat_lon to) {
  double const lat_1 = to_radians(from.lat);
  double const lat_2 = to_radians(to.lat);
  double const turn = to_radians(to.lon - from.lon);
  double const east = std::sin(turn) * std::cos(lat_2);
  double const north = std::cos(lat_1) * std::sin(lat_2) - std::sin(lat_1) * std::cos(lat_2) * std::cos(turn);
  return degrees{full_circle(from_radians(std::atan2(east, north)).value)};
}

lat_lon destination(lat_lon from, degrees course_true, meters how_far) {
  double const arc = how_far / kEarthRadius;
  double const bearing = to_radians(course_true);
  double const lat_1 = to_radians(from.lat);
  double const sin_lat_2 = std::sin(lat_1) * std::cos(arc) + std::cos(lat_1) * std::sin(arc) * std::cos(bearing);
  double const turn =
      std::atan2(std::sin(bearing) * std::sin(arc) * std::cos(lat_1), std::cos(arc) - std::sin(lat_1) * sin_lat_2);
  return {from_radians(std::asin(std::clamp(sin_lat_2, -1.0, 1.0))),
          degrees{wrapped(from.lon.value + from_radians(turn).value)}};
}

plane_point local_plane::to_plane(lat_lon place) const {
  double const middle = (origin_.lat.value + place.lat.value) / 2.0;
  double const turn = wrapped(place.lon.value - origin_.lon.value);
  return {meters{turn * kMetersPerDegree * scale_of_longitude(middle)},
          meters{(place.lat - origin_.lat).value * kMetersPerDegree}};
}

lat_lon local_plane::to_place(plane_point point) const {
  double const lat = std::clamp(origin_.lat.value + point.north.value / kMetersPerDegree, -90.0, 90.0);
  double const middle = (origin_.lat.value + lat) / 2.0;
  double const turn = point.east.value / (kMetersPerDegree * scale_of_longitude(middle));
  return {degrees{lat}, degrees{wrapped(origin_.lon.value + turn)}};
}

}  // namespace siren
