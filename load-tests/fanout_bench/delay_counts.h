#pragma once

#include <cstdint>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/time.h"

namespace siren::fanout {

/// Delays as counts by size, 1 µs to 2 h, each known to 1.6 %: millions of them from many processes add up in little
/// memory. A delay below zero counts as 0, one beyond the range as its end.
class delay_counts {
 public:
  void add(microseconds delay);
  void add(delay_counts const& more);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] microseconds max() const { return max_; }
  /// The upper edge of the delay that `share` (0 to 1) of all reach, never more than max(): rounded against us. Zero
  /// when there is none.
  [[nodiscard]] microseconds at(double share) const;

  [[nodiscard]] nlohmann::json as_json() const;
  [[nodiscard]] static delay_counts of_json(nlohmann::json const& from);

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  microseconds max_{};
};

}  // namespace siren::fanout
