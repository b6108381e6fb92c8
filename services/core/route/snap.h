#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/route/snap_plane.h"
#include "core/route/street_graph.h"

namespace siren {

struct snap_policy {
  meters cell{50.0};                    // the grid that the design's snapping figures were measured with
  meters farthest{300.0};               // farther is a field, a wood or water: no honest route starts there
  std::uint32_t max_cells = 4'000'000;  // 16 MB; cells grow beyond it
};

/// The nearest point of the streets to a place.
struct snapped {
  edge_index edge;              // forward edge of the nearest segment
  std::uint32_t along_cm = 0;   // from the edge's source
  std::uint32_t access_cm = 0;  // straight from the place to the point
  lat_lon point;
};

/// One of many places to be snapped.
struct snap_question {
  lat_lon place;
  bool wheels = false;
};

/// Finds the nearest segment on a grid. Immutable, safe from any thread; keeps what it needs, not the graph.
class snap_index {
 public:
  explicit snap_index(street_graph const& streets, snap_policy policy = {});

  /// Nearest point that can be walked (with wheels: no steps). Failures: not_finite, too_far_from_street.
  [[nodiscard]] result<snapped> nearest(lat_lon place, bool wheels) const;
  /// The same for several that lie near one another, such as a run of a sorted batch: what one place needs is fetched
  /// from memory while others are searched. As many answers as questions; absent where nearest() fails.
  void nearest_of(std::span<snap_question const> places, std::span<std::optional<snapped>> found) const;
  [[nodiscard]] graph_id graph() const { return graph_; }

 private:
  /// A straight piece of a segment, in metres east and north of the grid's corner.
  struct piece {
    float east_from, north_from, east_to, north_to;
    std::uint32_t along_from_cm, along_to_cm;
    edge_index edge;
    bool wheels;
  };
  /// Four pieces as a cell keeps them, side by side for vector arithmetic, so that a search reads one stretch of
  /// memory. In metres east and north of the cell's corner; an unused place lies far off.
  using four = float __attribute__((vector_size(16)));
  struct placed_pieces {
    four east, north;                    // where each begins
    four to_east, to_north;              // to its end
    four per_length_squared;             // 1 / length², 0 without length
    std::array<std::uint32_t, 4> piece;  // twice its index, and 1 for wheels
  };
  struct hit {
    float distance_squared = 0.0F;
    std::uint32_t piece = kNoIndex;
    float fraction = 0.0F;
  };

  void collect_pieces(street_graph const& streets);
  void fill_cells();
  void place_pieces();
  template <typename Visit>
  void cells_of(piece const& p, Visit visit) const;
  /// A place in metres from the grid's corner; absent: not finite, or too far outside.
  struct in_grid {
    double east, north;
    std::int64_t column, row;
  };
  [[nodiscard]] std::optional<in_grid> locate(lat_lon place) const;
  [[nodiscard]] std::int64_t cell_at(double from_corner_m) const;
  [[nodiscard]] hit search(in_grid const& at, bool wheels) const;
  void search_cell(std::int64_t column, std::int64_t row, in_grid const& at, bool wheels, hit& best) const;
  [[nodiscard]] snapped answer(hit const& best) const;

  snap_policy policy_;
  graph_id graph_;
  snap_plane plane_;
  plane_point corner_;  // south-west of the grid
  double cell_m_ = 0.0;
  double cells_per_m_ = 0.0;
  std::int64_t columns_ = 0;
  std::int64_t rows_ = 0;
  std::vector<piece> pieces_;
  std::vector<std::uint32_t> first_in_cell_;  // cells + 1
  std::vector<placed_pieces> in_cells_;
};

}  // namespace siren
