#pragma once

#include "facts.h"
#include "street_network.h"
#include "terrain.h"

namespace siren::city {

/// Joins the edges of neighbouring lattices where no street and no water lies between.
void stitch(terrain const& land, double block_scale, street_network& net);

/// One link for each bridge, tied to the streets at both ends.
void add_bridges(city_facts const& facts, plane const& ground, terrain const& land, street_network& net);

/// Ties every part of the network to the largest by a road over dry ground, nearest parts first. Parts that can't be
/// reached so, or are too small to matter, are removed.
void join_parts(terrain const& land, street_network& net);

}  // namespace siren::city
