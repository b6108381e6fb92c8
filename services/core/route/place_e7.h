#pragma once

#include <cmath>
#include <cstdint>

#include "core/geo/position.h"

namespace siren {

/// A place in 1e-7 degrees (11 mm at most), as OpenStreetMap keeps it: half the memory of two doubles and exact to
/// copy.
struct place_e7 {
  std::int32_t lat = 0;
  std::int32_t lon = 0;
  friend bool operator==(place_e7 const&, place_e7 const&) = default;
};

/// `place` must be finite and in range.
[[nodiscard]] inline place_e7 to_e7(lat_lon place) {
  return {static_cast<std::int32_t>(std::lround(place.lat.value * 1e7)),
          static_cast<std::int32_t>(std::lround(place.lon.value * 1e7))};
}
[[nodiscard]] constexpr lat_lon to_lat_lon(place_e7 place) {
  return {degrees{place.lat * 1e-7}, degrees{place.lon * 1e-7}};
}
[[nodiscard]] constexpr bool in_range(place_e7 place) {
  return place.lat >= -900'000'000 && place.lat <= 900'000'000 && place.lon >= -1'800'000'000 &&
         place.lon <= 1'800'000'000;
}

}  // namespace siren
