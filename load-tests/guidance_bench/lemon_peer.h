#pragma once

#include "guidance_bench/rush.h"

namespace siren::bench {

struct lemon_answer {
  double objective_s = 0.0;
  double seconds = 0.0;  // of the solver alone, the network built
};

/// The exact optimum of a rush by LEMON's network simplex.
[[nodiscard]] lemon_answer solve_with_lemon(assignment_problem const& rush);

}  // namespace siren::bench
