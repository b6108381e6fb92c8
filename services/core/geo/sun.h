#pragma once

#include "core/base/time.h"
#include "core/geo/position.h"

namespace siren {

/// How high the centre of the sun's disc stands above the true horizon, refraction left out. NOAA's solar calculator
/// (after Meeus, Astronomical Algorithms, low accuracy): within 0.1° from 1900 to 2100.
[[nodiscard]] degrees sun_elevation(lat_lon place, utc_time at);

/// After sunset and before sunrise, as almanacs define them: the disc's upper edge is below the horizon as seen through
/// the air (16' of half a disc and 34' of refraction).
[[nodiscard]] bool sun_is_down(lat_lon place, utc_time at);

}  // namespace siren
