#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/assign/assignment_problem.h"

namespace siren::bench {

/// People of one lot sent one way. Who is in no party stays and takes cover.
struct party {
  std::uint32_t lot = 0;
  std::uint32_t choice = 0;
  std::uint32_t people = 0;
};

/// Cost of a choice as the lot walks it, tenths of a second; none when the target does not offer what the lot needs.
[[nodiscard]] std::optional<std::uint32_t> walk_ds(assignment_problem const& rush, people_lot const& lot,
                                                   std::uint32_t choice);

/// Everybody to the nearest open target, full or not: what an app without a plan shows.
[[nodiscard]] std::vector<party> send_to_nearest(assignment_problem const& rush);
/// Pairs in order of walking time, as long as there is room: the plan one would write first.
[[nodiscard]] std::vector<party> send_greedily(assignment_problem const& rush);

/// What became of a rush.
struct rush_outcome {
  std::uint64_t people = 0;
  std::uint64_t sent = 0;
  std::uint64_t late = 0;      // sent on a way longer than the lot's budget
  std::uint64_t overload = 0;  // sent beyond the room there is
  std::uint64_t covered = 0;   // in time, and there was room
  double mean_walk_s = 0.0;    // of those covered
  double objective_s = 0.0;  // walks and handicaps, and the stay's cost of everybody not sent: what the plan minimises
};
/// The first to arrive get in. In time is a way within the lot's budget: whoever made the problem has taken the slow
/// case and the margin off the deadline.
[[nodiscard]] rush_outcome judge_rush(assignment_problem const& rush, std::vector<party> parties);

}  // namespace siren::bench
