#pragma once

#include <queue>
#include <span>
#include <vector>

#include "core/route/anchor.h"

namespace siren {

struct plain_source {
  node_index node;
  std::uint32_t usual_ms = 0;
};

/// Time from each node to the nearest source by the textbook: Dijkstra with a heap over explicitly reversed edges.
/// kNoIndex: unreachable.
inline std::vector<std::uint64_t> plain_dijkstra(street_graph const& streets, edge_costs const& costs,
                                                 std::vector<plain_source> const& sources) {
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> into(streets.node_count());
  for (std::uint32_t n = 0; n < streets.node_count(); ++n)
    for (auto const& e : streets.edges_of(node_index{n}))
      if (costs.allows(e)) into[e.target().value].push_back({n, costs.cost_ms(e)});
  std::vector<std::uint64_t> best(streets.node_count(), kNoIndex);
  using entry = std::pair<std::uint64_t, std::uint32_t>;
  std::priority_queue<entry, std::vector<entry>, std::greater<>> queue;
  for (auto const& s : sources) queue.push({s.usual_ms, s.node.value});
  while (!queue.empty()) {
    auto const [time, node] = queue.top();
    queue.pop();
    if (time >= best[node]) continue;
    best[node] = time;
    for (auto const& [from, cost] : into[node]) queue.push({time + cost, from});
  }
  return best;
}

/// The ends of the doors' stretches of street.
inline std::vector<plain_source> ends_of(street_graph const& streets, edge_costs const& costs,
                                         std::span<anchor const> doors) {
  std::vector<plain_source> sources;
  for (auto const& d : doors) {
    if (d.edge.value == kNoIndex) continue;
    for (bool const from_source : {true, false}) {
      auto const usual_ms = last_stretch_ms(streets, costs, d, from_source);
      if (usual_ms != kNoIndex)
        sources.push_back({from_source ? streets.source(d.edge) : streets.edge(d.edge).target(), usual_ms});
    }
  }
  return sources;
}

}  // namespace siren
