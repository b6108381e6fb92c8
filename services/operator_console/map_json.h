#pragma once

#include <string>

#include "common/city_bundle/city_bundle.h"

namespace siren {

/// What does not move, for the page: {"city", "generated", "centre", "zones": […], "stations": […], "lines": […],
/// "water": GeoJSON}.
[[nodiscard]] std::string map_as_json(city_bundle const& city);

}  // namespace siren
