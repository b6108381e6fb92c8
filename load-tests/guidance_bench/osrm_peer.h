#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/geo/position.h"

namespace siren::bench {

/// OSRM's /route with geometry for each pair, over one kept connection. `base` is http://HOST:PORT of an osrm-routed
/// with foot streets of the same city. Milliseconds a route. Failure: not_ready (nobody answers there, or not so).
[[nodiscard]] result<std::vector<double>> osrm_route_ms(std::string const& base,
                                                        std::vector<std::pair<lat_lon, lat_lon>> const& pairs);

}  // namespace siren::bench
