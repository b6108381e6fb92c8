#pragma once

#include <cstdint>
#include <vector>

#include "core/assign/assignment_problem.h"

namespace siren {

/// A lot that stands for its neighbours with all their people.
struct merged_lot {
  std::uint32_t lot = 0;
  std::uint32_t people = 0;
};

/// For every `stride` lots that follow each other in order among those of equal needs and pace, the one in the middle.
/// Neighbouring lots lie near each other when their lists do.
[[nodiscard]] std::vector<merged_lot> merge_lots(assignment_problem const& problem, std::uint32_t stride);

}  // namespace siren
