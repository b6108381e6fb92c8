#pragma once

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/geo/polygon.h"

namespace siren {

/// The polygons of a bundle's water.geojson. Failures: file_unreadable, malformed.
[[nodiscard]] result<std::vector<polygon>> read_water(std::filesystem::path const& file);

}  // namespace siren
