#include <algorithm>
#include <tuple>

#include "core/plan/planner_state.h"

namespace siren {
namespace {

constexpr std::uint32_t kGone = kNoIndex;

/// Order of lots: on foot before on wheels, then by node and profile.
std::tuple<bool, lot_place> order_of(lot_place const& place, planner_policy const& policy) {
  return {policy.walking.of(place.profile).walks == gait::wheels, place};
}

}  // namespace

void city_planner::state::take_over(state const& old) {
  if (old.input_.streets->id() != input_.streets->id()) return;
  current = old.current;
  if (areas_.size() != old.areas_.size()) return;
  areas_ = old.areas_;
  for (auto& area : areas_) {
    area.changed = true;
    area.budget_ds = kNoBudget;
  }
  rooms_.alarm_is(old.rooms_.alarm());
  for (auto const& [id, number] : numbers_) {
    auto const before = old.numbers_.find(id);
    if (before != old.numbers_.end()) rooms_.take_over(number, old.rooms_, before->second);
  }
  if (old.solved_) take_over_lots(old);
}

bool city_planner::state::underway(lot_place const& place) const {
  auto const area = input_.area_of[place.node.value];
  return area.value != kNoIndex && areas_[area.value].pinned;
}

/// Where each lot's people went is counted against; who is underway is also put there again and stays.
void city_planner::state::take_over_lots(state const& old) {
  std::vector<std::uint32_t> number_now(old.facts_.size(), kGone);
  for (auto const& [id, number] : old.numbers_)
    if (auto const now = numbers_.find(id); now != numbers_.end()) number_now[number.value] = now->second.value;
  auto const& problem = assignment->problem();
  auto const& old_choices = old.assignment->problem().choices;
  auto const choice_to = [&](std::uint32_t list, std::uint32_t target) {
    for (auto c = problem.first_choice[list]; c < problem.first_choice[list + 1]; ++c)
      if (problem.choices[c].target.value == target) return c;
    return kGone;
  };
  kept_.first.assign(1, 0);
  std::uint32_t was = 0;
  for (std::uint32_t l = 0; l < lots_.places.size(); ++l) {
    auto const& place = lots_.places[l];
    auto const order = order_of(place, policy_);
    while (was < old.lots_.places.size() && order_of(old.lots_.places[was], policy_) < order) ++was;
    auto const begin = kept_.shares.size();
    if (was < old.lots_.places.size() && old.lots_.places[was] == place) {
      old.assignment->shares_of(lot_index{was}, scratch_);
      for (auto const& share : scratch_) {
        auto const target = number_now[old_choices[share.choice].target.value];
        auto const choice = target == kGone ? kGone : choice_to(problem.lots[l].list, target);
        if (choice != kGone) kept_.shares.push_back({choice, share.people});
      }
    }
    kept_.first.push_back(static_cast<std::uint32_t>(kept_.shares.size()));
    if (!underway(place)) continue;
    assignment->seat(lot_index{l}, std::span{kept_.shares}.subspan(begin));
    assignment->pin(lot_index{l});
  }
}

}  // namespace siren
