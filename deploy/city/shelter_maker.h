#pragma once

#include <vector>

#include "facts.h"
#include "random_stream.h"
#include "street_network.h"
#include "terrain.h"

namespace siren::city {

/// Made-up shelters beside street nodes: as many in each district as its plan says (times `scale`), with as many places
/// for its people; types and states mixed as Kyiv's own list and check-up were. Every one is marked generated, ids from
/// gen-00001.
[[nodiscard]] std::vector<shelter> make_shelters(city_facts const& facts, plane const& ground, terrain const& land,
                                                 double scale, random_stream& random, street_network const& net);

}  // namespace siren::city
