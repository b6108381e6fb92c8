#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/base/target_index.h"

namespace siren {

/// An index into assignment_problem::lots.
struct lot_index {
  std::uint32_t value = 0;
  friend auto operator<=>(lot_index const&, lot_index const&) = default;
};

/// One way into one target: a walk, or a walk with a ride.
struct target_choice {
  target_index target;
  std::uint32_t cost_ds = 0;  // tenths of a second at pace 1
  friend bool operator==(target_choice const&, target_choice const&) = default;
};

inline constexpr std::uint32_t kPaceOne = 1U << 16;
inline constexpr std::uint32_t kNoBudget = std::numeric_limits<std::uint32_t>::max();

/// People of one place and one profile, who are alike for the assignment. A lot may be split between targets.
struct people_lot {
  std::uint32_t list = 0;  // of choices; several lots may share one
  std::uint32_t people = 0;
  std::uint32_t pace = kPaceOne;        // factor on the list's costs, 16 fraction bits, rounded up to a ds
  std::uint32_t budget_ds = kNoBudget;  // a choice whose cost times the pace is above it is not allowed
  std::uint8_t needs = 0;               // bits, all of which a target must offer
};

struct target_room {
  std::uint32_t room = 0;         // people it takes from this assignment; 0: closed
  std::uint32_t handicap_ds = 0;  // added to every way into it (a less trusted place), not scaled by pace
  std::uint8_t offers = 0;        // bits
};

/// Who could go where, at what cost. Sizes: a list has fewer than 2^16 choices; costs times pace, handicaps and the
/// cost of staying are below 2^27 ds; people and rooms add up to less than 2^31 each. Order: each list's choices by
/// cost; lots by list. A list may name a target twice, the cheaper way counts.
struct assignment_problem {
  std::vector<std::uint32_t> first_choice;  // one a list and one more: list i is choices[first_choice[i]..[i+1])
  std::vector<target_choice> choices;
  std::vector<people_lot> lots;
  std::vector<target_room> targets;
  std::uint32_t stay_cost_ds = 18'000;  // of a person told to take cover where they are; a dearer choice is not taken
};

/// Aborts when an order, index or size is not as said above.
void verify_problem(assignment_problem const& problem);

}  // namespace siren
