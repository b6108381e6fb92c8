#pragma once

#include <compare>
#include <cstdint>

namespace siren {

/// A shelter as plans number it: its place in the list that walking times were made for, open or not. The same number
/// in the reach, in the assignment and in the plan.
struct target_index {
  std::uint32_t value = 0;
  friend auto operator<=>(target_index const&, target_index const&) = default;
};

}  // namespace siren
