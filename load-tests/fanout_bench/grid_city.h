#pragma once

#include <cstddef>
#include <string>

#include "core/base/result.h"
#include "core/geo/position.h"

namespace siren::fanout {

/// A city of equal square zones under one root, as a bundle: what a gateway needs to know of a place.
inline constexpr std::size_t kMostGridZones = 1'000;
[[nodiscard]] std::string grid_zone_id(std::size_t number);
[[nodiscard]] lat_lon grid_zone_centre(std::size_t number);
[[nodiscard]] result<void> write_grid_city(std::string const& folder, std::size_t zones);

}  // namespace siren::fanout
