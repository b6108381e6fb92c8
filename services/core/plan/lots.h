#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/plan/city_planner.h"

namespace siren {

/// Whose people a lot is.
struct lot_place {
  node_index node;
  walking_profile profile = walking_profile::average;
  friend auto operator<=>(lot_place const&, lot_place const&) = default;
};

/// A city as the assignment sees it. Lots of people on foot come first, in order of node and profile, then those on
/// wheels. Targets have no room yet; budgets allow everything.
struct city_lots {
  assignment_problem problem;
  std::vector<lot_place> places;       // one per lot
  std::vector<std::uint16_t> ride_of;  // one per choice: of the plan's rides, or kNoRide
};
/// Rides count with their slow case, so that a budget on usual walks holds for them too; a slow walker's pace stretches
/// the ride as well, which only errs toward nearer shelters.
[[nodiscard]] city_lots make_lots(planner_input const& input, std::span<plan_ride const> rides,
                                  planner_policy const& policy);

/// How many of a node's people walk how, for all nodes in order: shares of the population by error diffusion along the
/// order of nodes, which is Hilbert's, so that what is rounded away at one node comes back a street farther. Rare
/// profiles come in lots of at least smallest_lot, the rest is average; every node keeps its sum.
class profile_split {
 public:
  explicit profile_split(planner_policy const& policy) : policy_{policy} {}
  /// People of each profile, by index_of.
  [[nodiscard]] std::array<std::uint32_t, kWalkingProfiles> next(std::uint32_t people);

 private:
  planner_policy const& policy_;
  std::array<double, kWalkingProfiles> carried_{};
};

}  // namespace siren
