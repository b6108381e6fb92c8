#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/track/linear_assignment.h"

namespace siren {

/// A report (row) that belongs to a track (column) with this chance.
struct claim {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  double chance = 1.0;
  friend bool operator==(claim const&, claim const&) = default;
};

struct joint_limits {
  std::size_t rows = 0;     // of a cluster, at most; more: one-to-one
  std::size_t columns = 0;  // as well
};

/// Which reports of one look belong to which tracks. A pairing's cost is -2 ln of the odds that it is true against the
/// report being of nothing known; absent pairings are outside the gate. Clusters are reports and tracks tied together
/// by pairings; each is settled by itself:
///
/// - One-to-one with the least sum of costs, chance 1 each (global nearest neighbour; Bar-Shalom & Li 1995, 6.3).
/// - Where `shared` says so of a cluster's columns and it is within the limits: the chances of all feasible joint
///   events (joint probabilistic data association: Fortmann, Bar-Shalom & Scheffe 1983), of which for each set of
///   tracks and of reports only the best permutation counts, so that near tracks don't grow into one (Blom & Bloem
///   2000, "Probabilistic data association avoiding track coalescence").
///
/// Claims in order of columns, then rows; chances below 1 % are left out.
[[nodiscard]] std::vector<claim> joint_association(
    std::uint32_t rows, std::uint32_t columns, std::span<pairing const> pairings, joint_limits const& limits,
    std::function<bool(std::span<std::uint32_t const> columns)> const& shared);

}  // namespace siren
