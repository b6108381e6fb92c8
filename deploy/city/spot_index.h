#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "street_network.h"

namespace siren::city {

/// Finds spots and straight segments near a spot: square cells hashed into a fixed table, so the plane needs no bounds.
class spot_index {
 public:
  explicit spot_index(double cell_m) : cell_m_{cell_m}, table_(kBuckets) {}

  void add(spot at, std::uint32_t id) { table_[bucket(column(at.east_m), column(at.north_m))].push_back({at, at, id}); }

  void add_segment(spot from, spot to, std::uint32_t id) {
    each_cell(from, to, [&](std::int64_t c, std::int64_t r) { table_[bucket(c, r)].push_back({from, to, id}); });
  }

  /// Ids of spots within `reach_m` for which `wanted` holds, nearest first (then by id).
  template <typename Wanted>
  [[nodiscard]] std::vector<std::pair<double, std::uint32_t>> near(spot at, double reach_m, Wanted wanted) const {
    std::vector<std::pair<double, std::uint32_t>> found;
    spot const margin{reach_m, reach_m};
    each_cell(at - margin, at + margin, [&](std::int64_t c, std::int64_t r) {
      for (auto const& item : table_[bucket(c, r)]) {
        double const away = distance_m(item.from, at);
        if (away <= reach_m && wanted(item.id)) found.emplace_back(away, item.id);
      }
    });
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  /// Whether a segment other than those that end where this one does is crossed.
  [[nodiscard]] bool crossed(spot from, spot to) const {
    bool hit = false;
    each_cell(from, to, [&](std::int64_t c, std::int64_t r) {
      for (auto const& s : table_[bucket(c, r)]) hit = hit || cross(from, to, s.from, s.to);
    });
    return hit;
  }

 private:
  static constexpr std::size_t kBuckets = 1U << 16U;
  struct entry {
    spot from;
    spot to;
    std::uint32_t id;
  };

  static double turn(spot a, spot b, spot c) {
    return (b.east_m - a.east_m) * (c.north_m - a.north_m) - (b.north_m - a.north_m) * (c.east_m - a.east_m);
  }
  static bool cross(spot a, spot b, spot c, spot d) {
    if (a == c || a == d || b == c || b == d) return false;
    return (turn(a, b, c) > 0.0) != (turn(a, b, d) > 0.0) && (turn(c, d, a) > 0.0) != (turn(c, d, b) > 0.0);
  }
  std::int64_t column(double metres) const { return static_cast<std::int64_t>(std::floor(metres / cell_m_)); }
  static std::size_t bucket(std::int64_t column, std::int64_t row) {
    auto const mixed = static_cast<std::uint64_t>(column) * 0x9E3779B97F4A7C15ULL ^
                       static_cast<std::uint64_t>(row) * 0xC2B2AE3D27D4EB4FULL;
    return static_cast<std::size_t>(mixed >> 48U);
  }
  template <typename Visit>
  void each_cell(spot a, spot b, Visit visit) const {
    auto const west = column(std::min(a.east_m, b.east_m));
    auto const east = column(std::max(a.east_m, b.east_m));
    auto const south = column(std::min(a.north_m, b.north_m));
    auto const north = column(std::max(a.north_m, b.north_m));
    for (auto c = west; c <= east; ++c) {
      for (auto r = south; r <= north; ++r) visit(c, r);
    }
  }

  double cell_m_;
  std::vector<std::vector<entry>> table_;
};

}  // namespace siren::city
