#include "core/route/anchor.h"

namespace siren {

std::uint32_t last_stretch_ms(street_graph const& streets, edge_costs const& costs, anchor const& door,
                              bool from_source) {
  auto const& edge = streets.edge(door.edge);
  auto const length_cm = from_source ? door.along_cm : edge.length_cm() - door.along_cm;
  if (length_cm != 0 && !(from_source ? costs.allows(edge) : costs.allows_reversed(edge))) return kNoIndex;
  auto const flags = from_source ? edge.flags() : reversed_flags(edge.flags());
  auto const on_street = length_cm == 0 ? 0 : costs.cost_ms(length_cm, flags);
  return on_street + costs.flat_ms(door.access_cm) + door.inside_ms;
}

}  // namespace siren
