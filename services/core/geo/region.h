#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/base/strong_id.h"
#include "core/geo/polygon.h"

namespace siren {

/// A cell of the S2 hierarchy over the sphere, by its 64-bit id.
using cell_id = strong_id<struct cell_tag, std::uint64_t>;
/// The leaf cell (about 1 cm) of a place on earth.
[[nodiscard]] cell_id leaf_cell_of(lat_lon place);

/// Leaf cells from first to last, both included.
struct cell_range {
  cell_id first;
  cell_id last;
  friend bool operator==(cell_range const&, cell_range const&) = default;
};

struct covering_policy {
  std::uint32_t max_cells = 48;  // S2's guide: 8 is rough, 30-100 follow a border; 500 zones then stay under 1 MB
  std::uint32_t max_level = 15;  // cells of about 300 m: a border finer than a position's own error gains nothing
};

/// An area of one or more polygons on the sphere. Immutable; copies share the shape; safe from any thread.
class region {
 public:
  /// At least one polygon. Failure: malformed, with the polygon and what is wrong (a ring of fewer than three vertices,
  /// a vertex off the earth, rings that cross or repeat a vertex, a hole outside its outer ring). No polygon may be
  /// larger than half the earth.
  [[nodiscard]] static result<region> build(std::vector<polygon> const& shape, covering_policy const& policy = {});

  /// Whether a place is inside; false for a place that is not on earth.
  [[nodiscard]] bool contains(lat_lon place) const;
  /// Zero inside, otherwise to the nearest point of the border, along the sphere.
  [[nodiscard]] meters distance_to(lat_lon place) const;
  /// Centre of mass; may lie outside a concave region.
  [[nodiscard]] lat_lon centroid() const;
  /// From the centroid to the farthest vertex.
  [[nodiscard]] meters bounding_radius() const;
  /// Ranges of leaf cells that together cover the region: sorted, apart from each other.
  [[nodiscard]] std::vector<cell_range> const& covering() const;

 private:
  struct parts;
  explicit region(std::shared_ptr<parts const> p) : parts_{std::move(p)} {}
  std::shared_ptr<parts const> parts_;
};

/// Which of many regions a place is in: a search among covering cells, then the exact test of the few that are left.
class region_index {
 public:
  explicit region_index(std::vector<region> regions);

  /// Positions in the given vector, ascending. Empty for a place that is not on earth.
  [[nodiscard]] std::vector<std::size_t> containing(lat_lon place) const;
  [[nodiscard]] region const& at(std::size_t index) const { return regions_.at(index); }
  [[nodiscard]] std::size_t size() const { return regions_.size(); }

 private:
  /// From `first` up to the next stretch: the same candidates, candidates_[begin, end).
  struct stretch {
    cell_id first;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<region> regions_;
  std::vector<stretch> stretches_;
  std::vector<std::size_t> candidates_;
};

}  // namespace siren
