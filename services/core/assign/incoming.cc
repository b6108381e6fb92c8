#include "core/assign/incoming.h"

#include <utility>

namespace siren {

incoming_index::incoming_index(assignment_problem const& problem)
    : first_way_(problem.targets.size()), end_way_(problem.targets.size()), first_lot_(problem.first_choice.size()) {
  auto const lists = static_cast<std::uint32_t>(problem.first_choice.size() - 1);
  for (auto const& lot : problem.lots) ++first_lot_[lot.list + 1];
  for (std::uint32_t i = 0; i < lists; ++i) first_lot_[i + 1] += first_lot_[i];

  // A target that a list names twice leaves a gap behind its ways.
  std::uint32_t count = 0;
  for (auto const& c : problem.choices) ++end_way_[c.target.value];
  for (std::size_t t = 0; t < first_way_.size(); ++t) {
    first_way_[t] = count;
    count += std::exchange(end_way_[t], count);
  }
  ways_ = std::make_unique_for_overwrite<incoming_way[]>(count);
  std::vector<std::uint32_t> last_list(problem.targets.size(), lists);
  for (std::uint32_t i = 0; i < lists; ++i) {
    for (auto c = problem.first_choice[i]; c < problem.first_choice[i + 1]; ++c) {
      auto const& choice = problem.choices[c];
      if (std::exchange(last_list[choice.target.value], i) == i) continue;  // named before, cheaper
      ways_[end_way_[choice.target.value]++] = {i, choice.cost_ds};
    }
  }
}

}  // namespace siren
