#include "core/geo/region.h"

#include <s2/mutable_s2shape_index.h>
#include <s2/s2closest_edge_query.h>
#include <s2/s2contains_point_query.h>
#include <s2/s2error.h>
#include <s2/s2latlng.h>
#include <s2/s2loop.h>
#include <s2/s2polygon.h>
#include <s2/s2region_coverer.h>
#include <s2/s2shape_index_region.h>

#include <algorithm>
#include <string>

namespace siren {
namespace {

S2Point point_of(lat_lon place) {
  return S2LatLng::FromDegrees(place.lat.value, place.lon.value).Normalized().ToPoint();
}

lat_lon place_of(S2Point const& point) {
  S2LatLng const at{point};
  return {degrees{at.lat().degrees()}, degrees{at.lng().degrees()}};
}

meters length_of(S1Angle angle) {
  return kEarthRadius * angle.radians();
}

failure malformed(std::size_t polygon_index, std::string const& what) {
  return {reason::malformed, "polygon " + std::to_string(polygon_index) + ": " + what};
}

/// A ring as a loop that holds less than half the earth, or what is wrong with it.
result<std::unique_ptr<S2Loop>> loop_of(std::vector<lat_lon> const& ring, std::size_t polygon_index) {
  if (ring.size() < 3) return malformed(polygon_index, "a ring has fewer than three vertices");
  std::vector<S2Point> points;
  points.reserve(ring.size());
  for (lat_lon const& vertex : ring) {
    if (!on_earth(vertex)) return malformed(polygon_index, "a vertex is not on earth");
    points.push_back(point_of(vertex));
  }
  auto loop = std::make_unique<S2Loop>(points, S2Debug::DISABLE);
  S2Error error;
  if (loop->FindValidationError(&error)) return malformed(polygon_index, error.text());
  loop->Normalize();
  return loop;
}

/// Every loop has passed its own validation; what is left is how they lie to each other.
result<std::unique_ptr<S2Polygon>> polygon_of(polygon const& shape, std::size_t polygon_index) {
  std::vector<std::unique_ptr<S2Loop>> loops;
  auto outer = loop_of(shape.outer, polygon_index);
  if (!outer) return outer.error();
  loops.push_back(std::move(outer).value());
  S2Loop const* const outermost = loops.front().get();
  for (auto const& ring : shape.holes) {
    auto hole = loop_of(ring, polygon_index);
    if (!hole) return hole.error();
    loops.push_back(std::move(hole).value());
  }
  auto whole = std::make_unique<S2Polygon>();
  whole->set_s2debug_override(S2Debug::DISABLE);
  whole->InitNested(std::move(loops));
  S2Error error;
  if (whole->FindValidationError(&error)) return malformed(polygon_index, error.text());
  bool nested = whole->loop(0) == outermost;
  for (int index = 1; index < whole->num_loops(); ++index) nested = nested && whole->loop(index)->depth() == 1;
  if (!nested) return malformed(polygon_index, "a hole is outside its outer ring or inside another hole");
  return whole;
}

std::vector<cell_range> covering_of(S2ShapeIndex const& shapes, covering_policy const& policy) {
  S2RegionCoverer::Options options;
  options.set_max_cells(static_cast<int>(policy.max_cells));
  options.set_max_level(static_cast<int>(policy.max_level));
  std::vector<cell_range> ranges;
  for (S2CellId const cell : S2RegionCoverer{options}.GetCovering(MakeS2ShapeIndexRegion(&shapes))) {
    cell_range const next{cell_id{cell.range_min().id()}, cell_id{cell.range_max().id()}};
    // Leaf ids are odd: two cells touch when one's first leaf is the other's last plus two.
    if (!ranges.empty() && ranges.back().last.value + 2 == next.first.value)
      ranges.back().last = next.last;
    else
      ranges.push_back(next);
  }
  return ranges;
}

}  // namespace

struct region::parts {
  std::vector<std::unique_ptr<S2Polygon>> polygons;
  MutableS2ShapeIndex shapes;  // points into polygons
  std::vector<cell_range> covering;
  lat_lon centroid;
  meters bounding_radius;
};

cell_id leaf_cell_of(lat_lon place) {
  return cell_id{S2CellId{point_of(place)}.id()};
}

result<region> region::build(std::vector<polygon> const& shape, covering_policy const& policy) {
  verify(policy.max_cells > 0 && policy.max_level <= S2CellId::kMaxLevel,
         "a covering has cells of a level that exists");
  if (shape.empty()) return failure{reason::malformed, "a region has no polygon"};
  auto built = std::make_shared<parts>();
  S2Point mass{0, 0, 0};
  for (std::size_t index = 0; index < shape.size(); ++index) {
    auto part = polygon_of(shape[index], index);
    if (!part) return part.error();
    built->polygons.push_back(std::move(part).value());
    mass += built->polygons.back()->GetCentroid();
    built->shapes.Add(std::make_unique<S2Polygon::Shape>(built->polygons.back().get()));
  }
  built->shapes.ForceBuild();
  if (mass.Norm2() == 0.0) mass = built->polygons.front()->loop(0)->vertex(0);
  S2Point const centre = mass.Normalize();
  built->centroid = place_of(centre);
  built->covering = covering_of(built->shapes, policy);
  for (auto const& part : built->polygons)
    for (int loop = 0; loop < part->num_loops(); ++loop)
      for (int vertex = 0; vertex < part->loop(loop)->num_vertices(); ++vertex)
        built->bounding_radius =
            std::max(built->bounding_radius, length_of(S1Angle{centre, part->loop(loop)->vertex(vertex)}));
  return region{std::move(built)};
}

bool region::contains(lat_lon place) const {
  return on_earth(place) && MakeS2ContainsPointQuery(&parts_->shapes).Contains(point_of(place));
}

meters region::distance_to(lat_lon place) const {
  verify(on_earth(place), "a distance is asked for a place on earth");
  S2ClosestEdgeQuery query{&parts_->shapes};
  S2ClosestEdgeQuery::PointTarget target{point_of(place)};
  return length_of(query.GetDistance(&target).ToAngle());
}

lat_lon region::centroid() const {
  return parts_->centroid;
}
meters region::bounding_radius() const {
  return parts_->bounding_radius;
}
std::vector<cell_range> const& region::covering() const {
  return parts_->covering;
}

}  // namespace siren
