#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/plan/plan.h"

namespace siren {

/// People of one lot by where they go; kNoIndex as target: they stay.
struct option_people {
  target_index target{kNoIndex};
  std::uint16_t ride = kNoRide;
  std::uint32_t people = 0;
};

/// Turns counts into shares of the 65,536, keeping every phone where `before` had it as far as the counts allow: only
/// as many phones move as people do. `before` may be empty. Appends the options; a count of people too small for a
/// share (1 in 131,072) gets none. At least one count must be positive.
void append_options(std::span<node_option const> before, std::span<option_people const> now,
                    std::vector<node_option>& out);

}  // namespace siren
