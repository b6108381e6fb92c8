#pragma once

#include <vector>

#include "core/geo/position.h"

namespace siren {

/// One outer ring and its holes; each ring open (first vertex not repeated), any orientation.
struct polygon {
  std::vector<lat_lon> outer;
  std::vector<std::vector<lat_lon>> holes;
};

}  // namespace siren
