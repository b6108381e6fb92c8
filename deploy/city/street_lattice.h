#pragma once

#include "facts.h"
#include "random_stream.h"
#include "street_network.h"
#include "terrain.h"

namespace siren::city {

/// How a pattern of building looks. Block sizes are read off maps of such quarters; all are defaults of a made-up city.
struct pattern_shape {
  double block_east_m;
  double block_north_m;
  double jitter_m;      // of each crossing
  double left_out;      // share of the stretches that do not exist
  double bow;           // of a stretch, as a share of its length
  double courtyard;     // share of the blocks with ways inside
  double lit_footways;  // share of the footways with lamps
};
[[nodiscard]] pattern_shape const& shape_of(pattern built);

/// Crossings and stretches of each neighbourhood: its own turned grid, bent by a slow field over the whole city, kept
/// where the neighbourhood is the nearest, in the city and dry. `block_scale` stretches the blocks.
void lay_lattices(city_facts const& facts, plane const& ground, terrain const& land, double block_scale,
                  random_stream& random, street_network& net);

}  // namespace siren::city
