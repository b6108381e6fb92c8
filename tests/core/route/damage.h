#pragma once

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "core/route/binary.h"

namespace siren {

/// The file with a few bytes changed or an end cut off; when `resealed`, with a checksum and size that fit again, so
/// that only the reader's own checks stand between the damage and the program.
inline std::vector<std::byte> damaged(std::vector<std::byte> bytes, std::mt19937_64& dice, bool resealed) {
  auto const up_to = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(dice); };
  if (up_to(8) == 0) bytes.resize(std::max<std::size_t>(resealed ? 32 : 0, up_to(bytes.size())));
  std::size_t const first = resealed ? 32 : 0;
  for (auto i = up_to(4) + 1; i > 0 && bytes.size() > first; --i) {
    auto& byte = bytes[first + up_to(bytes.size() - first)];
    byte ^= static_cast<std::byte>(1 + up_to(255));
  }
  if (!resealed) return bytes;
  auto const body = std::span<std::byte const>{bytes}.subspan(32);
  std::uint64_t const size = body.size();
  std::uint64_t const sum = checksum(body);
  std::memcpy(bytes.data() + 16, &size, 8);
  std::memcpy(bytes.data() + 24, &sum, 8);
  return bytes;
}

}  // namespace siren
