#pragma once

#include <optional>

#include "core/route/street_graph.h"

namespace siren {

/// The file of these arrays.
[[nodiscard]] std::vector<std::byte> seal_streets(street_arrays const& arrays);
/// Views over a sealed file's arrays, not checked. Absent: they do not fill the file.
[[nodiscard]] std::optional<street_views> lay_streets(std::span<std::byte const> sealed);

}  // namespace siren
