#include "core/route/reach_grid.h"

#include <algorithm>
#include <cmath>

#include "core/base/verify.h"
#include "core/route/bucket_queue.h"

namespace siren {
namespace {

std::uint32_t bound_ms(reach_policy const& policy) {
  constexpr std::int64_t kMostMs = 6'553'500;  // what 16 bits of tenths of seconds hold
  auto const longest = milliseconds{policy.longest_walk}.count();
  verify(longest > 0 && longest <= kMostMs, "the longest walk fits a reach's times");
  verify(policy.most_entries > 0 && policy.most_entries < kReachRoot, "a local index names every entry");
  verify(policy.nearest > 0 && policy.people_per_place >= 0.0, "every node keeps its nearest target");
  return static_cast<std::uint32_t>(longest);
}

struct near_entry {
  std::uint32_t usual_ms;
  std::uint32_t target;
  std::uint32_t node;
};

}  // namespace

reach_grid::reach_grid(street_graph const& streets, reach_input const& input, gait g, reach_policy const& policy)
    : policy_{policy},
      longest_ms_{bound_ms(policy)},
      streets_{streets, edge_costs{input.paces[static_cast<std::size_t>(g)], input.closed}},
      people_{input.people},
      room_{input.room} {
  auto const& doors = input.doors[static_cast<std::size_t>(g)];
  auto const targets = input.target_count();
  verify(doors.size() == input.first_door.back() && input.room.size() == targets, "every door and target is described");
  verify(people_.empty() || people_.size() == streets.node_count(), "people are counted at every node or at none");
  edge_costs const costs{input.paces[static_cast<std::size_t>(g)], input.closed};
  first_source_.push_back(0);
  for (std::size_t t = 0; t < targets; ++t) {
    auto const first = input.first_door[t];
    verify(first <= input.first_door[t + 1] && input.first_door[t + 1] - first <= 0xFFFF, "a target's doors follow");
    for (auto d = first; d < input.first_door[t + 1]; ++d) {
      if (doors[d].edge.value == kNoIndex) continue;
      for (bool const from_source : {true, false}) {
        auto const usual_ms = last_stretch_ms(streets, costs, doors[d], from_source);
        auto const node = from_source ? streets.source(doors[d].edge) : streets.edge(doors[d].edge).target();
        if (usual_ms <= longest_ms_) sources_.push_back({node.value, usual_ms, static_cast<std::uint16_t>(d - first)});
      }
    }
    first_source_.push_back(static_cast<std::uint32_t>(sources_.size()));
  }
  find_nearest();
}

std::uint64_t reach_grid::people_wanted(std::uint32_t target) const {
  return people_.empty() ? 0 : static_cast<std::uint64_t>(std::ceil(policy_.people_per_place * room_[target]));
}

/// Keeps the node's list in order of time, then of target, each target once. False: no nearer than what is there.
bool reach_grid::comes_nearer(std::uint32_t node, near_target by) {
  auto* const list = near_.data() + std::size_t{node} * policy_.nearest;
  auto* last = list + policy_.nearest - 1;
  if (!(by < *last)) return false;
  for (auto* at = list; at <= last; ++at)
    if (at->target == by.target) {
      if (at->usual_ms <= by.usual_ms) return false;
      last = at;
    }
  for (; last > list && by < last[-1]; --last) *last = last[-1];
  *last = by;
  return true;
}

bool reach_grid::still_near(std::uint32_t node, near_target by) const {
  auto const* const list = near_.data() + std::size_t{node} * policy_.nearest;
  return std::find(list, list + policy_.nearest, by) != list + policy_.nearest;
}

/// One search over the whole city in which a node is taken up once for each of its nearest targets. A node on the
/// shortest way to one of them has it among its own nearest: whatever is nearer to it is nearer to who comes through.
void reach_grid::find_nearest() {
  near_.assign(streets_.node_count() * policy_.nearest, {});
  std::uint32_t latest = streets_.longest_ms();
  for (auto const& s : sources_) latest = std::max(latest, s.usual_ms);
  bucket_queue<near_entry> queue{latest};
  for (std::uint32_t t = 0; t < target_count(); ++t)
    for (auto const& s : sources(t))
      if (comes_nearer(s.node, {s.usual_ms, t})) queue.push({s.usual_ms, t, s.node});
  while (!queue.empty()) {
    auto const [usual_ms, target, node] = queue.pop();
    if (auto const* const next = queue.soon()) {
      __builtin_prefetch(near_.data() + std::size_t{next->node} * policy_.nearest);
      streets_.prefetch(next->node);
    }
    if (!still_near(node, {usual_ms, target})) continue;
    for (auto const& arc : streets_.into(node)) {
      auto const through = usual_ms + arc.cost_ms;
      if (through <= longest_ms_ && comes_nearer(arc.from, {through, target})) queue.push({through, target, arc.from});
    }
  }
  near_counts_.assign(target_count(), 0);
  for (auto const& n : near_)
    if (n.target != kNoIndex) ++near_counts_[n.target];
}

}  // namespace siren
