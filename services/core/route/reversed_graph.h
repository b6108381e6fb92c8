#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/route/walking.h"

namespace siren {

/// What one gait may walk in these conditions, packed for searches that start at doors: of each node the nodes from
/// which one edge leads to it, with that edge's time. Nodes as in the street graph. Immutable; 8 bytes an edge.
class reversed_graph {
 public:
  struct arc {
    std::uint32_t from = 0;
    std::uint32_t cost_ms = 0;
  };
  reversed_graph(street_graph const& streets, edge_costs const& costs);

  [[nodiscard]] std::size_t node_count() const { return first_.size() - 1; }
  [[nodiscard]] std::span<arc const> into(std::uint32_t node) const {
    return {arcs_.data() + first_[node], first_[node + 1] - first_[node]};
  }
  /// Fetches what into() will read.
  void prefetch(std::uint32_t node) const { __builtin_prefetch(arcs_.data() + first_[node]); }
  [[nodiscard]] std::uint32_t longest_ms() const { return longest_ms_; }

 private:
  std::vector<std::uint32_t> first_;
  std::vector<arc> arcs_;
  std::uint32_t longest_ms_ = 0;
};

}  // namespace siren
