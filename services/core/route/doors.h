#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/route/anchor.h"
#include "core/route/metro.h"
#include "core/route/snap.h"

namespace siren {

struct door_policy {
  /// A door farther from every street is misplaced or behind a fence: a courtyard is seldom deeper. Our choice.
  meters farthest{100.0};
  /// Off the mapped streets nothing is known of kerbs and thresholds, so wheels get less. Our choice.
  meters farthest_wheels{50.0};
  metro_policy metro;
};

/// Where every entrance of every shelter meets the streets, as reach_input takes it.
struct placed_doors {
  std::vector<std::uint32_t> first_door{0};       // shelters + 1
  std::array<std::vector<anchor>, kGaits> doors;  // by gait; an anchor without an edge: this gait can't use it
  std::uint64_t far_from_street = 0;              // doors nobody can use
  std::uint64_t not_for_wheels = 0;               // of the others
};

/// Each shelter is a target, open or not, usable or not; `metro` gives the roles that inside times follow. Wheels use
/// step-free entrances of step-free shelters only.
[[nodiscard]] placed_doors place_doors(snap_index const& snap, std::span<shelter const> shelters,
                                       metro_state const& metro, walking_policy const& walking,
                                       door_policy const& policy = {});

}  // namespace siren
