#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/time.h"

namespace siren::fuzz {

inline std::string_view text_of(std::uint8_t const* bytes, std::size_t size) {
  return {reinterpret_cast<char const*>(bytes), size};
}

/// The hour around which every target's inputs are judged.
inline utc_time now() {
  return utc_time{microseconds{1'769'169'600'000'000}};  // 2026-01-23T12:00:00Z
}

}  // namespace siren::fuzz
