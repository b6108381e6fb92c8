#pragma once

#include <cstdint>
#include <vector>

#include "core/route/street_graph.h"

namespace siren {

/// A point's name in the source: the OpenStreetMap node id.
using street_key = strong_id<struct street_key_tag, std::int64_t>;

struct street_graph_policy {
  /// Connected parts with fewer junctions are dropped, the largest part never: a mapped courtyard without its gate
  /// would catch positions and doors and lead nowhere. 50 junctions are about two blocks.
  std::size_t min_component_nodes = 50;
};

/// What an import took and dropped, and why.
struct street_counts {
  std::uint64_t ways = 0;              // given
  std::uint64_t ways_too_short = 0;    // fewer than two distinct known points left
  std::uint64_t points_missing = 0;    // named by a way, never given: the way is cut there
  std::uint64_t points_bad = 0;        // coordinates not finite or out of range: as if never given
  std::uint64_t points_duplicate = 0;  // given again: the first stays
  std::uint64_t points_closed = 0;     // where a way was cut at a closed node
  std::uint64_t segments_too_long = 0;
  std::uint64_t small_parts = 0;  // connected parts under the policy's size
  std::uint64_t nodes_in_small_parts = 0;
  std::uint64_t segments_in_small_parts = 0;
  std::uint64_t nodes = 0;     // taken
  std::uint64_t segments = 0;  // taken
};

struct built_streets {
  street_graph graph;
  street_counts counts;
};

/// Collects points and ways in any order, then makes the graph: junctions and ends of ways become nodes, points between
/// them shape. Deterministic: the same input in the same order gives the same graph id.
class street_graph_builder {
 public:
  explicit street_graph_builder(street_graph_policy policy = {}) : policy_{policy} {}

  void add_node(street_key key, lat_lon place);
  /// Ways end on either side of it: a locked gate, a lift.
  void add_closed_node(street_key key, lat_lon place);
  void add_way(std::vector<street_key> const& points, way_attributes const& attributes);
  /// The streets are made up by a city generator.
  void mark_generated() { generated_ = true; }
  /// Consumes what was collected. No ways at all give an empty graph.
  [[nodiscard]] built_streets build() &&;

 private:
  class run_finder;
  struct point {
    street_key key;
    place_e7 place;
    bool closed = false;
  };
  struct way {
    std::size_t first_key = 0;
    std::size_t key_count = 0;
    std::uint32_t attributes = 0;
  };

  void take_node(street_key key, lat_lon place, bool closed);
  void sort_points();

  street_graph_policy policy_;
  bool generated_ = false;
  std::vector<point> points_;
  std::vector<street_key> keys_;
  std::vector<way> ways_;
  std::vector<way_attributes> attributes_;
  street_counts counts_;
};

}  // namespace siren
