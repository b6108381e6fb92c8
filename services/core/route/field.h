#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/route/reversed_graph.h"

namespace siren {

/// Where a node sends its people.
struct node_guide {
  std::uint32_t door = kNoIndex;      // index into the plan's doors; kNoIndex: nothing in reach
  edge_index next{kNoIndex};          // edge out of the node; kNoIndex: the door's own stretch begins here
  std::uint32_t usual_ms = kNoIndex;  // all the way in; strictly falls along `next`
  friend bool operator==(node_guide const&, node_guide const&) = default;
};

/// A door as seen from a node at an end of its stretch.
struct field_source {
  std::uint32_t door = 0;
  node_index node;
  std::uint32_t usual_ms = 0;
};

/// From every node the source with the least walking time, one search over the whole city. Algorithm: Dijkstra from all
/// sources at once over reversed edges with Dial's buckets, each holding an interval of times and settled until empty
/// (Dial 1969; Denardo & Fox 1979). Equal times: the source given first keeps the node it was given for; otherwise the
/// order of the search decides, the same on every machine. Costs of one way stay under 2^32 ms (49 days).
[[nodiscard]] std::vector<node_guide> nearest_field(street_graph const& streets, edge_costs const& costs,
                                                    std::span<field_source const> sources);

/// What is nearest to a node.
struct nearest_source {
  std::uint32_t usual_ms = kNoIndex;  // all the way in; kNoIndex: nothing in reach
  std::uint32_t source = kNoIndex;    // the `door` of its source
  friend bool operator==(nearest_source const&, nearest_source const&) = default;
};
/// The same search without ways, over streets packed once: of every node the nearest source and its time. Equal times:
/// the lesser `door`.
[[nodiscard]] std::vector<nearest_source> nearest_field(reversed_graph const& streets,
                                                        std::span<field_source const> sources);

}  // namespace siren
