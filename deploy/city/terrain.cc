#include "terrain.h"

#include <algorithm>

#include "core/base/verify.h"

namespace siren::city {
namespace {

struct side {
  spot from;
  spot to;
};

void add_ring(plane const& ground, std::vector<lat_lon> const& ring, std::vector<side>& sides) {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    sides.push_back({ground.to_spot(ring[i]), ground.to_spot(ring[(i + 1) % ring.size()])});
  }
}

}  // namespace

terrain::terrain(plane const& ground, lat_lon_box const& box, std::vector<std::vector<polygon>> const& districts,
                 std::vector<polygon> const& water)
    : corner_{ground.to_spot(box.south_west)} {
  verify(districts.size() <= 250, "districts fit a byte");
  auto const extent = ground.to_spot(box.north_east) - corner_;
  columns_ = static_cast<std::ptrdiff_t>(extent.east_m / kCellMeters) + 1;
  rows_ = static_cast<std::ptrdiff_t>(extent.north_m / kCellMeters) + 1;
  district_.assign(static_cast<std::size_t>(columns_ * rows_), kOutside);
  water_.assign(district_.size(), 0);
  for (std::size_t i = 0; i < districts.size(); ++i) {
    fill(ground, districts[i], district_, static_cast<std::uint8_t>(i));
  }
  fill(ground, water, water_, 1);
  widen_water();
}

/// Even-odd rule along the middle of each row of cells; holes count as sides like any other.
void terrain::fill(plane const& ground, std::vector<polygon> const& shape, std::vector<std::uint8_t>& cells,
                   std::uint8_t value) const {
  std::vector<side> sides;
  for (auto const& p : shape) {
    add_ring(ground, p.outer, sides);
    for (auto const& hole : p.holes) add_ring(ground, hole, sides);
  }
  std::vector<double> crossings;
  for (std::ptrdiff_t row = 0; row < rows_; ++row) {
    double const north = corner_.north_m + (static_cast<double>(row) + 0.5) * kCellMeters;
    crossings.clear();
    for (auto const& s : sides) {
      if ((s.from.north_m > north) == (s.to.north_m > north)) continue;
      double const share = (north - s.from.north_m) / (s.to.north_m - s.from.north_m);
      crossings.push_back(s.from.east_m + (s.to.east_m - s.from.east_m) * share);
    }
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
      auto const column = [&](double east) {
        return std::clamp(static_cast<std::ptrdiff_t>(std::ceil((east - corner_.east_m) / kCellMeters - 0.5)),
                          std::ptrdiff_t{0}, columns_);
      };
      auto const begin = column(crossings[i]);
      auto const end = column(crossings[i + 1]);
      std::fill_n(cells.begin() + row * columns_ + begin, std::max(end - begin, std::ptrdiff_t{0}), value);
    }
  }
}

void terrain::widen_water() {
  auto const narrow = water_;
  for (std::ptrdiff_t row = 0; row < rows_; ++row) {
    for (std::ptrdiff_t column = 0; column < columns_; ++column) {
      if (narrow[static_cast<std::size_t>(row * columns_ + column)] == 0) continue;
      for (auto r = std::max<std::ptrdiff_t>(row - 1, 0); r <= std::min(row + 1, rows_ - 1); ++r) {
        for (auto c = std::max<std::ptrdiff_t>(column - 1, 0); c <= std::min(column + 1, columns_ - 1); ++c) {
          water_[static_cast<std::size_t>(r * columns_ + c)] = 1;
        }
      }
    }
  }
}

std::ptrdiff_t terrain::cell_of(spot at) const {
  auto const column = static_cast<std::ptrdiff_t>(std::floor((at.east_m - corner_.east_m) / kCellMeters));
  auto const row = static_cast<std::ptrdiff_t>(std::floor((at.north_m - corner_.north_m) / kCellMeters));
  if (column < 0 || row < 0 || column >= columns_ || row >= rows_) return -1;
  return row * columns_ + column;
}

std::uint8_t terrain::district_at(spot at) const {
  auto const cell = cell_of(at);
  return cell < 0 ? kOutside : district_[static_cast<std::size_t>(cell)];
}

bool terrain::wet(spot at) const {
  auto const cell = cell_of(at);
  return cell >= 0 && water_[static_cast<std::size_t>(cell)] != 0;
}

bool terrain::buildable(spot at) const {
  return district_at(at) != kOutside && !wet(at);
}

bool terrain::dry_line(spot from, spot to) const {
  auto const steps = static_cast<int>(distance_m(from, to) / (kCellMeters / 2.0)) + 1;
  for (int i = 0; i <= steps; ++i) {
    if (wet(along(from, to, static_cast<double>(i) / steps))) return false;
  }
  return true;
}

}  // namespace siren::city
