#pragma once

#include <vector>

#include "core/base/result.h"
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

/// Finds the nearest segment on a grid. Immutable, safe from any thread; keeps what it needs, not the graph.
class snap_index {
 public:
  explicit snap_index(street_graph const& streets, snap_policy policy = {});

  /// Nearest point that can be walked (with wheels: no steps). Failures: not_finite, too_far_from_street.
  [[nodiscard]] result<snapped> nearest(lat_lon place, bool wheels) const;
  [[nodiscard]] graph_id graph() const { return graph_; }

 private:
  /// A straight piece of a segment, in metres east and north of the grid's corner.
  struct piece {
    float east_from, north_from, east_to, north_to;
    std::uint32_t along_from_cm, along_to_cm;
    edge_index edge;
    bool wheels;
  };
  /// A piece as a cell keeps it, so that a search reads one stretch of memory.
  struct placed_piece {
    float east, north;         // where it begins
    float to_east, to_north;   // to its end
    float per_length_squared;  // 1 / length², 0 without length
    std::uint32_t piece : 31;  // index
    std::uint32_t wheels : 1;
  };
  struct hit {
    double distance_squared;
    std::uint32_t piece = kNoIndex;
    double fraction = 0.0;
  };

  void collect_pieces(street_graph const& streets);
  void fill_cells();
  template <typename Visit>
  void cells_of(piece const& p, Visit visit) const;
  void search_cell(std::int64_t column, std::int64_t row, plane_point at, bool wheels, hit& best) const;

  snap_policy policy_;
  graph_id graph_;
  local_plane plane_;
  plane_point corner_;  // south-west of the grid
  double cell_m_ = 0.0;
  std::int64_t columns_ = 0;
  std::int64_t rows_ = 0;
  std::vector<piece> pieces_;
  std::vector<std::uint32_t> first_in_cell_;  // cells + 1
  std::vector<placed_piece> in_cells_;
};

}  // namespace siren
