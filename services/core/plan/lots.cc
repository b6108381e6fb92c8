#include "core/plan/lots.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "core/base/verify.h"

namespace siren {
namespace {

/// Ways of one node's people, walking and by train, in order of cost.
class way_lists {
 public:
  way_lists(planner_input const& input, std::span<plan_ride const> rides, planner_policy const& policy, city_lots& out)
      : input_{input}, rides_{rides}, out_{out}, first_ride_(input.walks->target_count() + 1) {
    for (auto const& ride : rides) ++first_ride_[ride.board.value + 1];
    for (std::size_t t = 1; t < first_ride_.size(); ++t) first_ride_[t] += first_ride_[t - 1];
    for (auto const& ride : rides)
      ridden_ds_.push_back(static_cast<std::uint32_t>(std::ceil(ride.slow_ds * policy.walking.slow_case_share)));
    out_.problem.first_choice.push_back(0);
  }

  void add(node_index node, gait g) {
    auto const walked = input_.by_node[static_cast<std::size_t>(g)]->at(node);
    found_.clear();
    for (auto const& way : walked) {
      found_.push_back({way.time_ds, way.target, kNoRide});
      for (auto r = first_ride_[way.target.value]; r < first_ride_[way.target.value + 1]; ++r)
        found_.push_back({way.time_ds + ridden_ds_[r], rides_[r].alight, static_cast<std::uint16_t>(r)});
    }
    if (found_.size() != walked.size()) keep_cheapest();
    for (auto const& way : found_) {
      out_.problem.choices.push_back({way.target, way.cost_ds});
      out_.ride_of.push_back(way.ride);
    }
    out_.problem.first_choice.push_back(static_cast<std::uint32_t>(out_.problem.choices.size()));
  }

 private:
  struct found_way {
    std::uint32_t cost_ds;
    target_index target;
    std::uint16_t ride;
  };
  /// The cheapest way to each target.
  void keep_cheapest() {
    std::sort(found_.begin(), found_.end(), [](found_way const& a, found_way const& b) {
      return std::tie(a.target, a.cost_ds, b.ride) < std::tie(b.target, b.cost_ds, a.ride);
    });
    auto const same = [](found_way const& a, found_way const& b) { return a.target == b.target; };
    found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
    std::sort(found_.begin(), found_.end(), [](found_way const& a, found_way const& b) {
      return std::tie(a.cost_ds, a.target) < std::tie(b.cost_ds, b.target);
    });
  }

  planner_input const& input_;
  std::span<plan_ride const> rides_;
  city_lots& out_;
  std::vector<std::uint32_t> first_ride_;  // by board
  std::vector<std::uint32_t> ridden_ds_;
  std::vector<found_way> found_;
};

}  // namespace

std::array<std::uint32_t, kWalkingProfiles> profile_split::next(std::uint32_t people) {
  std::array<std::uint32_t, kWalkingProfiles> split{};
  auto left = people;
  for (auto const p : kAllProfiles) {
    auto& carried = carried_[index_of(p)];
    if (p == walking_profile::average) continue;
    carried += people * policy_.walking.of(p).population;
    if (carried < std::max(policy_.smallest_lot, 1U)) continue;
    auto const here = std::min(left, static_cast<std::uint32_t>(carried));
    split[index_of(p)] = here;
    carried -= here;
    left -= here;
  }
  split[index_of(walking_profile::average)] = left;
  return split;
}

city_lots make_lots(planner_input const& input, std::span<plan_ride const> rides, planner_policy const& policy) {
  city_lots made;
  made.problem.stay_cost_ds = static_cast<std::uint32_t>(policy.stay_cost.count() * 10);
  made.problem.targets.resize(input.walks->target_count());
  way_lists lists{input, rides, policy, made};
  profile_split split{policy};
  std::vector<std::pair<node_index, std::uint32_t>> on_wheels;
  std::uint32_t list = 0;
  auto const add_lot = [&](node_index node, walking_profile p, std::uint32_t people) {
    auto const& traits = policy.walking.of(p);
    auto const pace = static_cast<std::uint32_t>(std::ceil(kPaceOne / traits.share));
    made.problem.lots.push_back({list, people, pace, kNoBudget, traits.needs});
    made.places.push_back({node, p});
  };
  for (std::uint32_t n = 0; n < input.people.size(); ++n) {
    if (input.people[n] == 0) continue;
    auto const by_profile = split.next(input.people[n]);
    bool listed = false;
    for (auto const p : kAllProfiles) {
      auto const people = by_profile[index_of(p)];
      if (people == 0) continue;
      if (policy.walking.of(p).walks == gait::wheels) {
        verify(p == walking_profile::wheelchair, "one profile is on wheels");
        on_wheels.emplace_back(node_index{n}, people);
        continue;
      }
      if (!std::exchange(listed, true)) lists.add(node_index{n}, gait::foot);
      add_lot(node_index{n}, p, people);
    }
    if (listed) ++list;
  }
  for (auto const& [node, people] : on_wheels) {
    lists.add(node, gait::wheels);
    add_lot(node, walking_profile::wheelchair, people);
    ++list;
  }
  return made;
}

}  // namespace siren
