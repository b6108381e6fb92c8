#include "route_planner/nearest.h"

#include <algorithm>
#include <cmath>

namespace siren {
namespace {

struct arrivals {
  double people = 0.0;
  double in_time = 0.0;
};

milliseconds most_time(nearest_input const& city, std::uint32_t node, judge_policy const& policy) {
  milliseconds const longest = policy.longest_walk;
  auto const area = city.area_of[node];
  if (area.value >= city.alarms.size() || !city.alarms[area.value].deadline) return longest;
  auto const left = std::chrono::floor<milliseconds>(*city.alarms[area.value].deadline - city.from[area.value]) -
                    policy.arrival_margin;
  return std::min(longest, left);
}

/// The nearest that will have this profile.
std::optional<reach_choice> nearest(city_view const& view, walking_profile profile, node_index node,
                                    judge_policy const& policy) {
  auto const& traits = policy.walking.of(profile);
  for (auto const& choice : view.by_node[static_cast<std::size_t>(traits.walks)]->at(node)) {
    auto const t = choice.target.value;
    if (view.plan->states[t].open && (view.plan->facts[t].offers & traits.needs) == traits.needs) return choice;
  }
  return std::nullopt;
}

}  // namespace

nearest_outcome send_to_nearest(nearest_input const& city, judge_policy const& policy) {
  std::vector<arrivals> at(city.room.size());
  for (auto const profile : kAllProfiles) {
    auto const share = policy.walking.of(profile).population;
    for (std::uint32_t n = 0; n < city.people.size(); ++n) {
      if (city.people[n] == 0) continue;
      auto const choice = nearest(city.view, profile, node_index{n}, policy);
      if (!choice) continue;
      auto const slow = policy.walking.slow_case(policy.walking.usual(profile, milliseconds{choice->time_ds * 100}));
      auto const people = share * city.people[n];
      at[choice->target.value].people += people;
      if (slow <= most_time(city, n, policy)) at[choice->target.value].in_time += people;
    }
  }
  nearest_outcome told;
  for (std::size_t t = 0; t < at.size(); ++t) {
    auto const room = static_cast<double>(city.room[t]);
    told.in_time += static_cast<std::uint64_t>(std::llround(std::min(at[t].in_time, room)));
    auto const over = std::llround(at[t].people - room);
    if (over <= 0) continue;
    ++told.overfull_shelters;
    told.over_capacity += static_cast<std::uint64_t>(over);
  }
  return told;
}

}  // namespace siren
