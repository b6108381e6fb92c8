#pragma once

#include "facts.h"
#include "random_stream.h"
#include "street_network.h"

namespace siren::city {

/// Names the longer streets from a fixed list of plants, birds and weather, numbered where a name comes again. None is
/// taken from the real city; a meeting with a real name is chance.
void name_streets(city_facts const& facts, random_stream& random, street_network& net);

}  // namespace siren::city
