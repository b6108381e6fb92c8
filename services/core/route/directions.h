#pragma once

#include <span>

#include "core/route/guidance.h"
#include "core/route/walking.h"

namespace siren {

struct directions_policy {
  degrees straight_below{35.0};  // our choice: a bend, not a turn
  degrees u_turn_above{150.0};   // our choice
};

/// A part of an edge, walked in the edge's direction.
struct leg {
  edge_index edge;
  std::uint32_t from_cm = 0;
  std::uint32_t to_cm = 0;  // >= from_cm
};

/// A way from a place to a door over adjoining legs.
struct walk {
  lat_lon from;
  std::uint32_t access_cm = 0;  // straight from `from` to the first leg's start
  lat_lon street;               // where the street is met; drawn when there are no legs
  std::vector<leg> legs;
  lat_lon to;
  std::uint32_t door_cm = 0;    // straight from the last leg's end to `to`
  std::uint32_t inside_ms = 0;  // behind the door
};

/// Words for a walk: one step per street or turn, with its length and usual time; a depart step first, an arrive step
/// last. `expected` and `slow_case` are left 0: they depend on conditions.
[[nodiscard]] route describe_walk(street_graph const& streets, edge_costs const& costs, walk const& w,
                                  directions_policy const& policy);

}  // namespace siren
