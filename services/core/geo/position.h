#pragma once

#include "core/geo/quantity.h"

namespace siren {

/// A place on the ground, WGS 84.
struct lat_lon {
  degrees lat;
  degrees lon;
  friend bool operator==(lat_lon const&, lat_lon const&) = default;
};

/// Mean radius of the Earth (IUGG).
inline constexpr meters kEarthRadius{6'371'008.8};

/// Finite, latitude in [-90, 90], longitude in [-180, 180].
[[nodiscard]] bool on_earth(lat_lon place);

/// A box of latitudes and longitudes, edges included; does not cross the antimeridian.
struct lat_lon_box {
  lat_lon south_west;
  lat_lon north_east;
  [[nodiscard]] bool contains(lat_lon place) const;
};

/// Great-circle distance on the mean-radius sphere; within 0.6 % of the ellipsoid.
[[nodiscard]] meters distance(lat_lon from, lat_lon to);
/// Initial true course from one place to another, [0, 360).
[[nodiscard]] degrees course(lat_lon from, lat_lon to);
/// Where one arrives after `how_far` on an initial true course.
[[nodiscard]] lat_lon destination(lat_lon from, degrees course_true, meters how_far);

/// Local east-north plane around an origin (equirectangular at the middle latitude). Distances and directions *from the
/// origin* are right within 0.2 % up to 300 km (origins between 60° S and 60° N); far from the origin the scale between
/// two points drifts, so every track has its plane around itself.
struct plane_point {
  meters east;
  meters north;
  friend bool operator==(plane_point const&, plane_point const&) = default;
};
class local_plane {
 public:
  explicit local_plane(lat_lon origin) : origin_{origin} {}
  [[nodiscard]] plane_point to_plane(lat_lon place) const;
  [[nodiscard]] lat_lon to_place(plane_point point) const;
  [[nodiscard]] lat_lon origin() const { return origin_; }

 private:
  lat_lon origin_;
};

}  // namespace siren
