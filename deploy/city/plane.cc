#include "plane.h"

#include <numbers>

namespace siren::city {
namespace {

constexpr double kNorthMetersPerDegree = kEarthRadius.value * std::numbers::pi / 180.0;

/// Taylor's series; twelve terms are exact to a double within [-pi/2, pi/2].
double cosine(double angle) {
  double term = 1.0;
  double sum = 1.0;
  for (int i = 1; i <= 12; ++i) {
    term *= -angle * angle / static_cast<double>((2 * i - 1) * (2 * i));
    sum += term;
  }
  return sum;
}

}  // namespace

plane::plane(lat_lon centre)
    : centre_{centre}, east_m_per_degree_{kNorthMetersPerDegree * cosine(to_radians(centre.lat))} {}

spot plane::to_spot(lat_lon place) const {
  return {(place.lon.value - centre_.lon.value) * east_m_per_degree_,
          (place.lat.value - centre_.lat.value) * kNorthMetersPerDegree};
}

lat_lon plane::to_place(spot at) const {
  return {degrees{centre_.lat.value + at.north_m / kNorthMetersPerDegree},
          degrees{centre_.lon.value + at.east_m / east_m_per_degree_}};
}

}  // namespace siren::city
