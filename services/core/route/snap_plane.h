#pragma once

#include <algorithm>
#include <cmath>

#include "core/geo/position.h"

namespace siren {

/// local_plane for a city, made ready for millions of places: its cosine is the Taylor series around the origin, whose
/// error stays under 1e-7 within 20 degrees of latitude. Not across the antimeridian.
class snap_plane {
 public:
  explicit snap_plane(lat_lon origin)
      : origin_{origin}, cos_{std::cos(to_radians(origin.lat))}, sin_{std::sin(to_radians(origin.lat))} {}

  [[nodiscard]] plane_point to_plane(lat_lon place) const {
    double const north_deg = (place.lat - origin_.lat).value;
    return {meters{(place.lon - origin_.lon).value * kMetersPerDegree * scale(north_deg)},
            meters{north_deg * kMetersPerDegree}};
  }
  [[nodiscard]] lat_lon to_place(plane_point point) const {
    double const north_deg = point.north.value / kMetersPerDegree;
    return {degrees{origin_.lat.value + north_deg},
            degrees{origin_.lon.value + point.east.value / (kMetersPerDegree * scale(north_deg))}};
  }

 private:
  static constexpr double kMetersPerDegree = kEarthRadius.value * std::numbers::pi / 180.0;

  /// Of longitude, halfway to `north_deg`; the floor keeps to_place finite.
  [[nodiscard]] double scale(double north_deg) const {
    double const d = north_deg * (std::numbers::pi / 360.0);
    double const even = 1.0 - d * d / 2.0 * (1.0 - d * d / 12.0);
    double const odd = d * (1.0 - d * d / 6.0 * (1.0 - d * d / 20.0));
    return std::max(cos_ * even - sin_ * odd, 1e-9);
  }

  lat_lon origin_;
  double cos_;
  double sin_;
};

}  // namespace siren
