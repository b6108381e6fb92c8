#include "core/assign/area_floors.h"

namespace siren {

area_floors::area_floors(assignment_problem const& problem, price_board const& prices) : prices_{prices} {
  auto const lots = static_cast<std::uint32_t>(problem.lots.size());
  auto const areas = lots / kAreaLots + 1;
  std::vector<std::uint32_t> seen_in(problem.targets.size(), areas);
  first_target_.push_back(0);
  for (std::uint32_t area = 0; area < areas; ++area) {
    for (auto l = area * kAreaLots; l < std::min(lots, (area + 1) * kAreaLots); ++l) {
      auto const list = problem.lots[l].list;
      if (l % kAreaLots != 0 && problem.lots[l - 1].list == list) continue;
      for (auto c = problem.first_choice[list]; c < problem.first_choice[list + 1]; ++c) {
        auto const target = problem.choices[c].target.value;
        if (seen_in[target] == area) continue;
        seen_in[target] = area;
        targets_.push_back(target);
      }
    }
    first_target_.push_back(static_cast<std::uint32_t>(targets_.size()));
  }
  floors_.resize(areas);
  calls_.resize(areas);
}

void area_floors::look(std::uint32_t area) {
  auto floor = kBarred;
  for (auto i = first_target_[area]; i < first_target_[area + 1]; ++i)
    floor = std::min(floor, prices_.level(targets_[i]));
  floors_[area] = floor;
}

}  // namespace siren
