#include "guidance_bench/plain_dijkstra.h"

#include <functional>
#include <queue>
#include <utility>

namespace siren::bench {

std::vector<std::uint32_t> plain_dijkstra(street_graph const& streets, edge_costs const& costs, node_index from,
                                          bool backwards) {
  std::vector<std::uint32_t> time_ms(streets.node_count(), kNoIndex);
  using entry = std::pair<std::uint32_t, std::uint32_t>;
  std::priority_queue<entry, std::vector<entry>, std::greater<>> queue;
  time_ms[from.value] = 0;
  queue.emplace(0, from.value);
  while (!queue.empty()) {
    auto const [so_far, node] = queue.top();
    queue.pop();
    if (so_far != time_ms[node]) continue;
    for (auto const& edge : streets.edges_of(node_index{node})) {
      auto const& walked = backwards ? streets.edge(edge.reverse()) : edge;
      if (!costs.allows(walked)) continue;
      auto const through = so_far + costs.cost_ms(walked);
      auto& known = time_ms[edge.target().value];
      if (through >= known) continue;
      known = through;
      queue.emplace(through, edge.target().value);
    }
  }
  return time_ms;
}

}  // namespace siren::bench
