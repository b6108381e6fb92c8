#pragma once

#include <vector>

#include "core/geo/position.h"
#include "core/zone/outline.h"

namespace siren {

/// Where one thing may be: a normal distribution in a plane.
struct position_spread {
  plane_point mean;
  square_meters east_east;  // variances and covariance; the matrix must be positive semi-definite
  square_meters east_north;
  square_meters north_north;
};

/// The chance that it is inside the border (even-odd). Strips of the whitened plane, 64 across the part of it that
/// counts: within 1e-3 of the exact value for compact shapes.
[[nodiscard]] probability chance_inside(position_spread const& where, std::vector<outline::edge> const& border);

}  // namespace siren
