#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "core/base/ids.h"

namespace siren {

/// How far a source's reports carry our own analysis above what officials declared.
enum class source_trust : std::uint8_t {
  informs = 1,  // never: volunteers and citizens add colour to an alarm that stands without them
  counts = 2,   // together with another one
  trusted = 3,  // alone
};

struct trust_policy {
  source_trust unlisted = source_trust::counts;  // one sensor can be wrong, spoofed or a flock of birds
  std::size_t independent = 2;  // sources that count and agree carry as much as a trusted one; at most kMostOrigins
};

/// What is known of each source; the rest is `unlisted`.
using trust_book = std::map<source_id, source_trust>;

/// What sources are worth together.
struct backing {
  static constexpr std::size_t kMostOrigins = 4;
  bool enough = false;                                // to raise above the official level
  std::uint8_t size = 0;                              // of origins: not more than are needed
  std::array<std::uint64_t, kMostOrigins> origins{};  // hashes of the distinct sources that count

  void add(backing const& more, trust_policy const& policy);
  friend bool operator==(backing const&, backing const&) = default;
};

/// `sources` are those who measured: a copy that a relay passed on is its origin's.
[[nodiscard]] backing backing_of(std::vector<source_id> const& sources, trust_book const& known,
                                 trust_policy const& policy);

}  // namespace siren
