#pragma once

#include <cstdint>

namespace siren {

/// Position along the Hilbert curve of order 16 of the cell (x, y): neighbours on the curve are neighbours on the map,
/// so a search over nodes in this order stays in cache. Algorithm: Hamilton's rotation form, as in Warren, Hacker's
/// Delight, 16.
[[nodiscard]] constexpr std::uint32_t hilbert_key(std::uint16_t x_cell, std::uint16_t y_cell) {
  std::uint32_t x = x_cell;
  std::uint32_t y = y_cell;
  std::uint32_t key = 0;
  for (std::uint32_t side = 1U << 15; side > 0; side >>= 1) {
    bool const right = (x & side) != 0;
    bool const upper = (y & side) != 0;
    key = key << 2 | (right ? (upper ? 2U : 3U) : (upper ? 1U : 0U));
    if (!upper) {
      if (right) {
        x = ~x;
        y = ~y;
      }
      std::uint32_t const kept = x;
      x = y;
      y = kept;
    }
  }
  return key;
}

}  // namespace siren
