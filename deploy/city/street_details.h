#pragma once

#include "facts.h"
#include "random_stream.h"
#include "street_network.h"
#include "terrain.h"

namespace siren::city {

/// Fills each living link's path: nodes along a slight bow, so that streets curve and doors lie near a node.
void bend_links(city_facts const& facts, terrain const& land, double block_scale, random_stream& random,
                street_network& net);

/// Ways inside the blocks: footways through them, rings of service roads between the houses of an estate, and stairs
/// where the neighbourhood slopes. Needs the paths of bend_links.
void add_courtyards(city_facts const& facts, terrain const& land, random_stream& random, street_network& net);

/// A footway from each metro entrance to the nearest street node that is reached without crossing water.
void tie_metro(city_facts const& facts, plane const& ground, terrain const& land, street_network& net);

}  // namespace siren::city
