#include "core/assign/coarse_lots.h"

#include <map>
#include <utility>

namespace siren {

std::vector<merged_lot> merge_lots(assignment_problem const& problem, std::uint32_t stride) {
  struct group {
    merged_lot merged;
    std::uint32_t count = 0;
  };
  std::vector<merged_lot> merged;
  merged.reserve(problem.lots.size() / stride + 1);
  std::map<std::pair<std::uint32_t, std::uint8_t>, group> groups;
  auto const give = [&](group& g) {
    if (g.merged.people != 0) merged.push_back(g.merged);
    g = {};
  };
  for (std::uint32_t l = 0; l < problem.lots.size(); ++l) {
    auto const& lot = problem.lots[l];
    auto& g = groups[{lot.pace, lot.needs}];
    if (g.count <= stride / 2) g.merged.lot = l;
    g.merged.people += lot.people;
    if (++g.count == stride) give(g);
  }
  for (auto& [kind, g] : groups) give(g);
  return merged;
}

}  // namespace siren
