#pragma once

#include "core/geo/quantity.h"

namespace siren {

/// A place on the ground, WGS 84.
struct lat_lon {
  degrees lat;
  degrees lon;
  friend bool operator==(lat_lon const&, lat_lon const&) = default;
};

/// Great-circle distance on the mean-radius sphere (R = 6,371,008.8 m, IUGG); within 0.6 % of the ellipsoid.
[[nodiscard]] meters distance(lat_lon from, lat_lon to);
/// Initial true course from one place to another, [0, 360).
[[nodiscard]] degrees course(lat_lon from, lat_lon to);
/// Where one arrives after `how_far` on an initial true course.
[[nodiscard]] lat_lon destination(lat_lon from, degrees course_true, meters how_far);

/// Local east-north plane around an origin (equirectangular). Error below 0.2 % within 300 km; tracks and gates live here.
struct plane_point {
  meters east;
  meters north;
  friend bool operator==(plane_point const&, plane_point const&) = default;
};
class local_plane {
 public:
  explicit local_plane(lat_lon origin);
  [[nodiscard]] plane_point to_plane(lat_lon place) const;
  [[nodiscard]] lat_lon to_place(plane_point point) const;
  [[nodiscard]] lat_lon origin() const { return origin_; }

 private:
  lat_lon origin_;
  double meters_per_degree_lat_;
  double meters_per_degree_lon_;
};

}  // namespace siren
