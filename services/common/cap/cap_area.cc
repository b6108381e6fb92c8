#include "common/cap/cap_area.h"

#include <cmath>
#include <utility>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/multi_polygon.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>

namespace siren {
namespace {

namespace bg = boost::geometry;
// A plane of degrees, longitudes shrunk by the middle latitude: near enough to cut and simplify in.
using flat_point = bg::model::d2::point_xy<double>;
using flat_polygon = bg::model::polygon<flat_point>;
using flat_shape = bg::model::multi_polygon<flat_polygon>;
using flat_box = bg::model::box<flat_point>;

constexpr double kMetersPerDegree = 111'195.0;  // kEarthRadius * pi / 180
constexpr int kMostCuts = 64;                   // a zone has a hole or two

/// Decimals of a degree that go out: 1 m. Cutting works on what will be read.
constexpr double kGrid = 1e5;

double on_grid(double degrees_value) {
  return std::round(degrees_value * kGrid) / kGrid;
}

struct plane {
  double squeeze;
  [[nodiscard]] flat_point in(lat_lon at) const { return {at.lon.value * squeeze, at.lat.value}; }
  [[nodiscard]] lat_lon out(flat_point const& at) const {
    return {degrees{on_grid(at.y())}, degrees{on_grid(at.x() / squeeze)}};
  }
};

plane plane_of(std::vector<polygon> const& shape) {
  auto south = 90.0;
  auto north = -90.0;
  for (auto const& part : shape) {
    for (auto const& at : part.outer) {
      south = std::min(south, at.lat.value);
      north = std::max(north, at.lat.value);
    }
  }
  return {std::max(0.01, std::cos(to_radians(degrees{(south + north) / 2})))};
}

flat_shape flat(std::vector<polygon> const& shape, plane const& on) {
  flat_shape made;
  for (auto const& part : shape) {
    flat_polygon one;
    for (auto const& at : part.outer) one.outer().push_back(on.in(at));
    for (auto const& hole : part.holes) {
      one.inners().emplace_back();
      for (auto const& at : hole) one.inners().back().push_back(on.in(at));
    }
    bg::correct(one);
    made.push_back(std::move(one));
  }
  return made;
}

/// The coarsest border that still fits is the finest one tried that does; never one that crosses itself.
flat_shape simplified(flat_shape const& whole, cap_area_policy const& policy) {
  for (auto tolerance = policy.first_tolerance; tolerance <= policy.last_tolerance; tolerance = tolerance * 2) {
    flat_shape made;
    for (auto const& part : whole) {
      flat_polygon one;
      bg::simplify(part, one, tolerance.value / kMetersPerDegree);
      made.push_back(bg::is_valid(one) ? std::move(one) : part);
    }
    if (bg::num_points(made) <= policy.most_vertices) return made;
  }
  return whole;
}

/// Both halves of a part, cut along the meridian through the middle of its first hole.
flat_shape halves(flat_polygon const& part) {
  flat_box whole;
  flat_box hole;
  bg::envelope(part, whole);
  bg::envelope(part.inners().front(), hole);
  auto const cut = (hole.min_corner().x() + hole.max_corner().x()) / 2;
  flat_shape made;
  for (auto const& half :
       {flat_box{{whole.min_corner().x() - 1, whole.min_corner().y() - 1}, {cut, whole.max_corner().y() + 1}},
        flat_box{{cut, whole.min_corner().y() - 1}, {whole.max_corner().x() + 1, whole.max_corner().y() + 1}}}) {
    flat_shape cut_off;
    bg::intersection(part, half, cut_off);
    made.insert(made.end(), cut_off.begin(), cut_off.end());
  }
  return made;
}

std::vector<flat_polygon> without_holes(flat_shape const& whole) {
  std::vector<flat_polygon> done;
  std::vector<flat_polygon> open{whole.begin(), whole.end()};
  for (int cuts = 0; !open.empty();) {
    auto part = std::move(open.back());
    open.pop_back();
    if (part.inners().empty() || cuts == kMostCuts) {
      part.inners().clear();  // beyond the limit a hole is covered: rather warned too many than too few
      done.push_back(std::move(part));
      continue;
    }
    ++cuts;
    auto const both = halves(part);
    open.insert(open.end(), both.begin(), both.end());
  }
  return done;
}

std::vector<lat_lon> ring_of(flat_polygon const& part, plane const& on) {
  std::vector<lat_lon> ring;
  for (auto const& at : part.outer()) {
    auto const place = on.out(at);
    if (ring.empty() || !(ring.back() == place)) ring.push_back(place);
  }
  if (!ring.empty() && !(ring.front() == ring.back())) ring.push_back(ring.front());
  return ring;
}

}  // namespace

cap_area cap_area_of(zone const& place, region_codes const& codes, cap_area_policy const& policy) {
  cap_area area{place.name_uk, place.name_en, {}, codes_in(place.id)};
  if (!codes.uid.empty()) area.codes.uid = codes.uid;
  if (!codes.katotth.empty()) area.codes.katotth = codes.katotth;
  auto const on = plane_of(place.shape);
  for (auto const& part : without_holes(simplified(flat(place.shape, on), policy))) {
    auto ring = ring_of(part, on);
    if (ring.size() >= 4) area.rings.push_back(std::move(ring));
  }
  return area;
}

}  // namespace siren
