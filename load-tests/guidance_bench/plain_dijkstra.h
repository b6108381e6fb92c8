#pragma once

#include <cstdint>
#include <vector>

#include "core/route/street_graph.h"
#include "core/route/walking.h"

namespace siren::bench {

/// The textbook search with a binary heap, as short as it can be: the oracle for routes. Milliseconds from `from` to
/// every node along allowed edges; kNoIndex where there is no way. `backwards`: from every node to `from`.
[[nodiscard]] std::vector<std::uint32_t> plain_dijkstra(street_graph const& streets, edge_costs const& costs,
                                                        node_index from, bool backwards = false);

}  // namespace siren::bench
