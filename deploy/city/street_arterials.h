#pragma once

#include "facts.h"
#include "street_network.h"

namespace siren::city {

/// Makes through roads of what people drive from one neighbourhood to the next and to the bridges: shortest ways that
/// prefer through streets and roads already used. A stretch of several such ways is primary, of one or two secondary;
/// other through streets are tertiary.
void raise_arterials(city_facts const& facts, plane const& ground, street_network& net);

}  // namespace siren::city
