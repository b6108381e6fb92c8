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
  std::vector<std::uint64_t> nearest(streets.node_count(), UINT64_MAX);  // time and source in one number
  std::uint32_t latest = streets.longest_ms();
  for (auto const& s : sources) latest = std::max(latest, s.usual_ms);
  bucket_queue<entry> queue{latest};
  auto const offer = [&](std::uint32_t node, std::uint64_t by) {
    if (by >= nearest[node]) return;
    nearest[node] = by;
    queue.push({node, static_cast<std::uint32_t>(by >> 32)});
  };
  for (auto const& s : sources) {
    verify(s.node.value < nearest.size(), "a source lies in the graph");
    offer(s.node.value, std::uint64_t{s.usual_ms} << 32 | s.door);
  }
  while (!queue.empty()) {
    auto const [node, usual_ms] = queue.pop();
    if (auto const* const next = queue.soon()) {
      __builtin_prefetch(&nearest[next->node]);
      streets.prefetch(next->node);
    }
    auto const here = nearest[node];
    if (here >> 32 != usual_ms) continue;
    for (auto const& arc : streets.into(node)) offer(arc.from, here + (std::uint64_t{arc.cost_ms} << 32));
  }
  std::vector<nearest_source> out(nearest.size());
  std::transform(nearest.begin(), nearest.end(), out.begin(), [](std::uint64_t by) {
    return nearest_source{static_cast<std::uint32_t>(by >> 32), static_cast<std::uint32_t>(by)};
  });
  return out;
}

}  // namespace siren
