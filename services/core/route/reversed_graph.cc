#include "core/route/reversed_graph.h"

#include <algorithm>

namespace siren {

reversed_graph::reversed_graph(street_graph const& streets, edge_costs const& costs) {
  first_.reserve(streets.node_count() + 1);
  arcs_.reserve(streets.edge_count());
  first_.push_back(0);
  for (std::uint32_t n = 0; n < streets.node_count(); ++n) {
    for (auto const& out : streets.edges_of(node_index{n})) {
      if (!costs.allows_reversed(out) || out.target().value == n) continue;
      auto const cost_ms = costs.cost_ms(out.length_cm(), reversed_flags(out.flags()));
      arcs_.push_back({out.target().value, cost_ms});
      longest_ms_ = std::max(longest_ms_, cost_ms);
    }
    first_.push_back(static_cast<std::uint32_t>(arcs_.size()));
  }
}

}  // namespace siren
