#pragma once

#include <cmath>

#include "core/geo/position.h"

namespace siren::city {

/// A spot on the city's plane: metres east and north of the city's centre.
struct spot {
  double east_m = 0.0;
  double north_m = 0.0;
  friend bool operator==(spot const&, spot const&) = default;
};

inline spot operator+(spot a, spot b) {
  return {a.east_m + b.east_m, a.north_m + b.north_m};
}
inline spot operator-(spot a, spot b) {
  return {a.east_m - b.east_m, a.north_m - b.north_m};
}
inline spot operator*(spot a, double k) {
  return {a.east_m * k, a.north_m * k};
}
inline spot along(spot a, spot b, double share) {
  return a + (b - a) * share;
}
inline double square_m2(spot a) {
  return a.east_m * a.east_m + a.north_m * a.north_m;
}
inline double distance_m(spot a, spot b) {
  return std::sqrt(square_m2(b - a));
}

/// Equirectangular plane. Uses only operations that IEEE 754 rounds exactly, where core's local_plane calls the
/// machine's cosine: a generated city must not depend on the C library.
class plane {
 public:
  explicit plane(lat_lon centre);
  [[nodiscard]] spot to_spot(lat_lon place) const;
  [[nodiscard]] lat_lon to_place(spot at) const;

 private:
  lat_lon centre_;
  double east_m_per_degree_;
};

}  // namespace siren::city
