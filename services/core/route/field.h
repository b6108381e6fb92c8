#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/route/reversed_graph.h"

namespace siren {

/// A door as seen from a node at an end of its stretch.
struct field_source {
  std::uint32_t door = 0;
  node_index node;
  std::uint32_t usual_ms = 0;
};

/// What is nearest to a node.
struct nearest_source {
  std::uint32_t usual_ms = kNoIndex;  // all the way in; kNoIndex: nothing in reach
  std::uint32_t source = kNoIndex;    // the `door` of its source
  friend bool operator==(nearest_source const&, nearest_source const&) = default;
};
/// From every node the source with the least walking time, one search over the whole city. Algorithm: Dijkstra from all
/// sources at once over reversed edges with Dial's buckets, each holding an interval of times and settled until empty
/// (Dial 1969; Denardo & Fox 1979). Equal times: the lesser `door`. Costs of one way stay under 2^32 ms (49 days).
[[nodiscard]] std::vector<nearest_source> nearest_field(reversed_graph const& streets,
                                                        std::span<field_source const> sources);

}  // namespace siren
