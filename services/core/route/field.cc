#include "core/route/field.h"

#include <algorithm>

#include "core/base/verify.h"
#include "core/route/bucket_queue.h"

namespace siren {
namespace {

struct entry {
  std::uint32_t node;
  std::uint32_t usual_ms;
};

std::uint32_t longest_step(street_graph const& streets, edge_costs const& costs,
                           std::span<field_source const> sources) {
  std::uint32_t longest = 0;
  for (auto const& s : sources) longest = std::max(longest, s.usual_ms);
  for (auto const& e : streets.arrays().edges)
    if (costs.allows(e)) longest = std::max(longest, costs.cost_ms(e));
  return longest;
}

}  // namespace

std::vector<node_guide> nearest_field(street_graph const& streets, edge_costs const& costs,
                                      std::span<field_source const> sources) {
  std::vector<node_guide> guides(streets.node_count());
  bucket_queue<entry> queue{longest_step(streets, costs, sources)};
  for (auto const& s : sources) {
    verify(s.node.value < guides.size(), "a source lies in the graph");
    auto& guide = guides[s.node.value];
    if (s.usual_ms >= guide.usual_ms) continue;
    guide = {s.door, edge_index{kNoIndex}, s.usual_ms};
    queue.push({s.node.value, s.usual_ms});
  }
  while (!queue.empty()) {
    auto const [node, usual_ms] = queue.pop();
    if (guides[node].usual_ms != usual_ms) continue;
    auto const door = guides[node].door;
    for (auto const& out : streets.edges_of(node_index{node})) {
      if (!costs.allows_reversed(out)) continue;
      auto const through = usual_ms + costs.cost_ms(out.length_cm(), reversed_flags(out.flags()));
      auto& neighbour = guides[out.target().value];
      if (through >= neighbour.usual_ms) continue;
      neighbour = {door, out.reverse(), through};
      queue.push({out.target().value, through});
    }
  }
  return guides;
}

std::vector<nearest_source> nearest_field(reversed_graph const& streets, std::span<field_source const> sources) {
  std::vector<nearest_source> nearest(streets.node_count());
  std::uint32_t latest = streets.longest_ms();
  for (auto const& s : sources) latest = std::max(latest, s.usual_ms);
  bucket_queue<entry> queue{latest};
  auto const offer = [&](std::uint32_t node, nearest_source by) {
    auto& best = nearest[node];
    if (by.usual_ms > best.usual_ms || (by.usual_ms == best.usual_ms && by.source >= best.source)) return;
    best = by;
    queue.push({node, by.usual_ms});
  };
  for (auto const& s : sources) {
    verify(s.node.value < nearest.size(), "a source lies in the graph");
    offer(s.node.value, {s.usual_ms, s.door});
  }
  while (!queue.empty()) {
    auto const [node, usual_ms] = queue.pop();
    auto const here = nearest[node];
    if (here.usual_ms != usual_ms) continue;
    for (auto const& arc : streets.into(node)) offer(arc.from, {usual_ms + arc.cost_ms, here.source});
  }
  return nearest;
}

}  // namespace siren
