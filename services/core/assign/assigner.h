#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/assign/assignment_problem.h"

namespace siren {

/// Measured on generated cities of a million people, 150,000 to 170,000 lots and 5,000 targets.
struct assign_policy {
  std::uint32_t step_ds = 100;            // least change of a price; 50: a fifth slower for some 20 ppm of the costs
  std::uint32_t coarse_step_ds = 400;     // the same while lots are merged
  std::uint32_t coarse_margin_ds = 1000;  // prices begin this much below those found with merged lots
  std::uint32_t merge = 8;                // lots merged
  std::uint32_t coarse_stages = 2;        // each before the last: as many times as many merged, 4 × step, 2 × margin
  std::uint32_t tick_people = 4;          // places that come free in an open target, up to this many at once, may wait
  std::uint32_t waste_ppm = 700;          // until filling them would save this share of the costs: fewer people move
};

/// Asked between steps of the search (about every 20 µs); true ends it.
using stop_search = std::function<bool()>;

/// Part of a lot and the way it takes.
struct lot_share {
  std::uint32_t choice = 0;  // into assignment_problem::choices, of the lot's list
  std::uint32_t people = 0;
  friend bool operator==(lot_share const&, lot_share const&) = default;
};

/// What a repair did.
struct assign_changes {
  std::vector<lot_index> lots;     // whose shares differ from before, in order
  std::uint64_t people_moved = 0;  // now elsewhere than before: the churn; newcomers don't count
  bool finished = true;            // false: stopped, what had no place yet stays
};

/// How good the present assignment is. Unit: people times ds.
struct assign_certificate {
  std::uint64_t objective = 0;    // walks, handicaps and stays
  std::uint64_t lower_bound = 0;  // no assignment that keeps the pinned people in place costs less
  [[nodiscard]] std::uint64_t gap_ppm() const {
    return objective <= lower_bound ? 0 : (objective - lower_bound) * 1'000'000 / objective;
  }
};

/// Sends lots to targets with room at the least sum of costs, nearly. Algorithm: an auction with prices on targets
/// (Bertsekas 1988; Bertsekas & Castañón 1992 for forward and reverse steps). *Forward*: an overfull target gives up
/// the people with the least regret and its price rises to the regret of the next; *reverse*: a priced target with room
/// takes the people who gain most and its price falls. Prices first come from merged neighbouring lots.
/// Promises: after solve and repair no target holds more than its room, whatever stopped them; every person is in one
/// share or stays; every share is within its lot's budget and needs; the same calls give the same answers.
/// Changes (set_*) take effect at the next repair. Not safe for use from several threads at once.
class assigner {
 public:
  /// The problem is verified: orders, indices and sizes as assignment_problem says.
  explicit assigner(assignment_problem problem, assign_policy const& policy = {});
  ~assigner();
  assigner(assigner&&) noexcept;
  assigner& operator=(assigner&&) noexcept;

  /// Assigns everybody anew, pinned people excepted. False: stopped.
  bool solve(stop_search const& stop = {});

  void set_room(target_index target, std::uint32_t room);
  void set_handicap(target_index target, std::uint32_t handicap_ds);
  void set_offers(target_index target, std::uint8_t offers);
  void set_budget(lot_index lot, std::uint32_t budget_ds);
  void set_budget(std::span<lot_index const> lots, std::uint32_t budget_ds);
  /// The lot's staying people leave first, then those with the dearest way.
  void set_people(lot_index lot, std::uint32_t people);
  /// The lot's people with a target keep it unless it fails them: its room falls below its pinned people, or needs or
  /// the budget forbid it. They may be a part of the lot; the others remain free.
  void pin(lot_index lot);
  void unpin(lot_index lot);
  /// Puts staying people of the lot where the shares say, however dear or full it is there: for people who were sent
  /// before this assigner was made. The next solve keeps those who are then pinned, where it can; repair sorts out the
  /// others.
  void seat(lot_index lot, std::span<lot_share const> shares);

  /// Makes the assignment fit what was set since, moving few.
  assign_changes repair(stop_search const& stop = {});

  [[nodiscard]] assignment_problem const& problem() const;
  /// Shares with people, in order of choice.
  void shares_of(lot_index lot, std::vector<lot_share>& shares) const;
  [[nodiscard]] std::uint32_t staying_of(lot_index lot) const;
  [[nodiscard]] std::uint64_t staying() const;
  [[nodiscard]] std::uint32_t load_of(target_index target) const;
  /// What a place in the target is worth to those without; 0 while it has room to spare, kNoBudget when closed.
  [[nodiscard]] std::uint32_t price_of(target_index target) const;
  /// The choice with the least cost + handicap + price for such people, `except` left out; with `with_room`, only
  /// targets with room left. None when staying is no dearer or nothing is allowed.
  [[nodiscard]] std::optional<std::uint32_t> best_choice(people_lot const& people, std::optional<target_index> except,
                                                         bool with_room) const;
  [[nodiscard]] assign_certificate certificate() const;

 private:
  struct engine;
  std::unique_ptr<engine> engine_;
};

}  // namespace siren
