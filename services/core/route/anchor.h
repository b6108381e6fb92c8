#pragma once

#include "core/route/walking.h"

namespace siren {

/// Where a door meets the streets, for one gait.
struct anchor {
  edge_index edge{kNoIndex};    // forward edge of its segment; kNoIndex: this gait can't use the door
  std::uint32_t along_cm = 0;   // from the edge's source
  std::uint32_t access_cm = 0;  // from there straight to the door
  std::uint32_t inside_ms = 0;  // from the door to cover, at the gait's usual pace
  friend bool operator==(anchor const&, anchor const&) = default;
};

/// Time from an end node of the anchor's edge through the door; kNoIndex when that way is barred.
[[nodiscard]] std::uint32_t last_stretch_ms(street_graph const& streets, edge_costs const& costs, anchor const& door,
                                            bool from_source);

}  // namespace siren
