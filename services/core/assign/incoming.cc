#include "core/assign/incoming.h"

namespace siren {

incoming_index::incoming_index(assignment_problem const& problem)
    : first_way_(problem.targets.size() + 1), first_lot_(problem.first_choice.size()) {
  auto const lists = static_cast<std::uint32_t>(problem.first_choice.size() - 1);
  for (auto const& lot : problem.lots) ++first_lot_[lot.list + 1];
  for (std::uint32_t i = 0; i < lists; ++i) first_lot_[i + 1] += first_lot_[i];

  std::vector<std::uint32_t> last_list(problem.targets.size(), lists);
  auto const for_each_way = [&](auto&& use) {
    last_list.assign(last_list.size(), lists);
    for (std::uint32_t i = 0; i < lists; ++i) {
      for (auto c = problem.first_choice[i]; c < problem.first_choice[i + 1]; ++c) {
        auto const target = problem.choices[c].target.value;
        if (last_list[target] == i) continue;  // named before, cheaper
        last_list[target] = i;
        use(i, target, problem.choices[c].cost_ds);
      }
    }
  };
  for_each_way([&](std::uint32_t, std::uint32_t target, std::uint32_t) { ++first_way_[target + 1]; });
  for (std::size_t t = 1; t < first_way_.size(); ++t) first_way_[t] += first_way_[t - 1];
  ways_.resize(first_way_.back());
  std::vector<std::uint32_t> next(first_way_.begin(), first_way_.end() - 1);
  for_each_way([&](std::uint32_t list, std::uint32_t target, std::uint32_t cost_ds) {
    ways_[next[target]++] = {list, cost_ds};
  });
}

}  // namespace siren
