#pragma once

#include <compare>
#include <cstdint>

namespace siren {

/// A place in a country's alert log. Sequences compare only within one epoch; a new epoch means a restored or rebuilt
/// log and always comes with a full snapshot.
struct cursor {
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;
  friend bool operator==(cursor const&, cursor const&) = default;
};

}  // namespace siren
