#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/geo/position.h"
#include "core/zone/zone.h"

namespace siren {

using square_meters = quantity<struct square_meters_unit>;

/// Unit vectors of a place on the sphere: out of the ground, east and north along it.
struct sphere_axes {
  explicit sphere_axes(lat_lon place);
  std::array<double, 3> up;
  std::array<double, 3> east;
  std::array<double, 3> north;
};

/// A zone's border made cheap: an azimuthal equidistant plane around its middle and at most kMostVertices vertices
/// (Douglas-Peucker; the tolerance doubles from kFirstTolerance until they fit). Distances and bearings from the middle
/// are exact; a straight course that starts d away strays from its great circle by less than 1 % of d out to 700 km.
class outline {
 public:
  /// `shape` must have passed zone_map::build (non-empty rings of three or more vertices, not across the antimeridian).
  explicit outline(std::vector<polygon> const& shape);

  [[nodiscard]] lat_lon middle() const { return middle_; }
  /// The same on the unit sphere, to see far places from it, and rule most of them out, with little trigonometry.
  [[nodiscard]] sphere_axes const& axes() const { return axes_; }
  /// Of a circle around the middle that holds the whole zone.
  [[nodiscard]] meters radius() const { return radius_; }
  /// No border point lies further than this from the true border.
  [[nodiscard]] meters tolerance() const { return tolerance_; }
  /// On the plane, holes taken off: to order zones by size, not a surveyed figure.
  [[nodiscard]] square_meters area() const { return area_; }

  /// A border segment in the plane; even-odd filling, holes included.
  struct edge {
    plane_point from;
    plane_point to;
  };
  [[nodiscard]] std::vector<edge> const& edges() const { return edges_; }

  /// How a distant place sees this plane: where it lies in it and how much true courses there turn when drawn in it.
  struct view {
    plane_point place;
    degrees turn;
  };
  [[nodiscard]] view seen_from(lat_lon place) const;

  /// A unit vector of the plane.
  struct direction {
    double east;
    double north;
  };
  /// Distance along a straight flight until the zone is entered, less the tolerance so that it is never late: 0 inside,
  /// absent if never.
  [[nodiscard]] std::optional<meters> entry(plane_point from, direction heading) const;

  static constexpr std::size_t kMostVertices = 64;  // keeps 150 tracks x 50 zones in a few milliseconds
  static constexpr meters kFirstTolerance{30.0};    // less than a second of a drone's flight

 private:
  lat_lon middle_;
  sphere_axes axes_;
  meters radius_;
  meters tolerance_;
  square_meters area_;
  std::vector<edge> edges_;
};

}  // namespace siren
