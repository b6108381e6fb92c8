#pragma once

#include <cstdint>

namespace siren {

/// Position along the Hilbert curve of order 16 of the cell (x, y): neighbours on the curve are neighbours on the map,
/// so a search over nodes in this order stays in cache. Algorithm: Hamilton's rotation form, as in Warren, Hacker's
/// Delight, 16.
[[nodiscard]] constexpr std::uint32_t hilbert_key(std::uint16_t x_cell, std::uint16_t y_cell) {
  // How the curve lies in the current square. Without branches: which way they go is as good as random.
  std::uint32_t swapped = 0;
  std::uint32_t mirrored = 0;
  std::uint32_t const differ = std::uint32_t{x_cell} ^ y_cell;
  std::uint32_t key = 0;
  for (int bit = 15; bit >= 0; --bit) {
    std::uint32_t const change = differ & (0 - swapped);
    std::uint32_t const right = (((x_cell ^ change) >> bit) ^ mirrored) & 1U;
    std::uint32_t const upper = (((y_cell ^ change) >> bit) ^ mirrored) & 1U;
    key = key << 2 | right << 1 | (right ^ upper);
    mirrored ^= right & ~upper;
    swapped ^= 1U ^ upper;
  }
  return key;
}

}  // namespace siren
