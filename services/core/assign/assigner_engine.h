#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/assign/assigner.h"
#include "core/assign/auction.h"

namespace siren {

/// What an assigner is made of, and what waits for its next repair.
struct assigner::engine {
  engine(assignment_problem p, assign_policy const& how);

  void wait(lot_index lot) {
    if (std::exchange(lot_waits[lot.value], 1) == 0) waiting_lots.push_back(lot.value);
  }
  void wait(target_index target) {
    if (std::exchange(target_waits[target.value], 1) == 0) waiting_targets.push_back(target.value);
  }
  /// Few places that came free: they wait for takers until many do.
  void wait_idle(target_index target) {
    if (std::exchange(is_idle[target.value], 1) == 0) idle_targets.push_back(target.value);
  }
  void mark_all();
  void mark_idle_beyond_waste();
  [[nodiscard]] std::uint64_t objective() const;
  void forget_waiting();
  bool solve_coarse(stop_search const& stop);
  bool solve_merged(std::uint32_t merge, std::uint32_t step_ds, std::uint32_t margin_ds, stop_search const& stop);
  bool search_on(stop_search const& stop);
  void pin_where_they_are();
  void collect(assign_changes& changes) const;

  assignment_problem problem;
  assign_policy policy;
  price_board prices;
  seating seats;
  incoming_index incoming;
  auction search;
  bool settled = false;  // false: everybody is to be looked at again
  std::vector<std::uint32_t> waiting_lots;
  std::vector<std::uint32_t> waiting_targets;
  std::vector<std::uint32_t> idle_targets;
  std::uint64_t usual_objective = 0;  // of the last solve
  std::vector<std::uint8_t> lot_waits;
  std::vector<std::uint8_t> target_waits;
  std::vector<std::uint8_t> is_idle;
};

}  // namespace siren
