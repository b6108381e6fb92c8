#include "core/route/reach.h"

#include <algorithm>

#include "core/base/verify.h"

namespace siren {

edge_index reach_edge(street_graph const& streets, edge_costs const& costs, std::span<reach_entry const> entries,
                      std::uint16_t local) {
  auto const& from = entries[local];
  edge_index best{kNoIndex};
  if (from.next == kReachRoot) return best;
  auto const to = entries[from.next].node;
  std::uint32_t least = kNoIndex;
  auto edge = streets.first_edge(from.node);
  for (auto const& e : streets.edges_of(from.node)) {
    if (e.target() == to && costs.allows(e) && costs.cost_ms(e) < least) {
      least = costs.cost_ms(e);
      best = edge;
    }
    ++edge.value;
  }
  return best;
}

std::uint16_t follow_reach(street_graph const& streets, edge_costs const& costs, std::span<reach_entry const> entries,
                           std::uint16_t local, std::vector<edge_index>& out) {
  while (entries[local].next != kReachRoot) {
    auto const edge = reach_edge(streets, costs, entries, local);
    verify(edge.value != kNoIndex, "an entry's next is walked to");
    out.push_back(edge);
    local = entries[local].next;
  }
  return local;
}

std::uint16_t door_of(std::span<reach_root const> roots, std::uint16_t root_local) {
  auto const found = std::lower_bound(roots.begin(), roots.end(), root_local,
                                      [](reach_root const& r, std::uint16_t local) { return r.local < local; });
  verify(found != roots.end() && found->local == root_local, "a root names its door");
  return found->door;
}

reach_choices::reach_choices(reach const& from, gait g, std::size_t node_count) : gait_{g}, first_(node_count + 1, 0) {
  for (std::uint32_t t = 0; t < from.target_count(); ++t)
    for (auto const& e : from.entries(g, target_index{t})) ++first_[e.node.value + 1];
  for (std::size_t n = 0; n < node_count; ++n) first_[n + 1] += first_[n];
  choices_.resize(first_.back());
}

void reach_choices::fill(reach const& from, node_index begin, node_index end) {
  verify(begin <= end && end.value <= node_count(), "a range of the nodes");
  std::vector<std::uint32_t> next(first_.begin() + begin.value, first_.begin() + end.value);
  for (std::uint32_t t = 0; t < from.target_count(); ++t) {
    auto const entries = from.entries(gait_, target_index{t});
    for (std::size_t i = 0; i < entries.size(); ++i) {
      auto const n = entries[i].node;
      if (n < begin || end <= n) continue;
      choices_[next[n.value - begin.value]++] = {target_index{t}, static_cast<std::uint16_t>(i), entries[i].time_ds};
    }
  }
  auto const order = [](reach_choice const& c) {
    return std::uint64_t{c.time_ds} << 48 | std::uint64_t{c.local} << 32 | c.target.value;
  };
  for (auto n = begin.value; n < end.value; ++n)
    std::sort(choices_.begin() + first_[n], choices_.begin() + first_[n + 1],
              [&](reach_choice const& a, reach_choice const& b) { return order(a) < order(b); });
}

reach_choices reach_choices::all(reach const& from, gait g, std::size_t node_count) {
  reach_choices made{from, g, node_count};
  made.fill(from, node_index{0}, node_index{static_cast<std::uint32_t>(node_count)});
  return made;
}

}  // namespace siren
