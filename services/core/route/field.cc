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

}  // namespace

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
