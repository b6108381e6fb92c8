#pragma once

#include <cstdint>
#include <vector>

#include "core/geo/polygon.h"
#include "plane.h"

namespace siren::city {

/// Where one may build: a raster of the city's districts and of its water. A cell counts as water when it or a cell
/// beside it does, so that what stands on a dry cell also stands on dry ground.
class terrain {
 public:
  static constexpr double kCellMeters = 25.0;
  static constexpr std::uint8_t kOutside = 255;

  /// At most 250 districts, each with one or more polygons.
  terrain(plane const& ground, lat_lon_box const& box, std::vector<std::vector<polygon>> const& districts,
          std::vector<polygon> const& water);

  /// Position of the district in the given list, or kOutside.
  [[nodiscard]] std::uint8_t district_at(spot at) const;
  /// In the city and not in water.
  [[nodiscard]] bool buildable(spot at) const;
  /// In water or too close to it.
  [[nodiscard]] bool wet(spot at) const;
  /// Whether the straight line stays out of water.
  [[nodiscard]] bool dry_line(spot from, spot to) const;

 private:
  [[nodiscard]] std::ptrdiff_t cell_of(spot at) const;
  void fill(plane const& ground, std::vector<polygon> const& shape, std::vector<std::uint8_t>& cells,
            std::uint8_t value) const;
  void widen_water();

  spot corner_;
  std::ptrdiff_t columns_ = 0;
  std::ptrdiff_t rows_ = 0;
  std::vector<std::uint8_t> district_;
  std::vector<std::uint8_t> water_;
};

}  // namespace siren::city
