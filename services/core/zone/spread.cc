#include "core/zone/spread.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace siren {
namespace {

constexpr int kStrips = 64;
constexpr double kFarSigmas = 5.0;      // 6e-7 of the mass lies beyond
constexpr double kLeastVariance = 1.0;  // m²: no report knows a place better, and whitening must not divide by zero

struct white {
  double x;
  double y;
};

double below(double z) {
  return 0.5 * std::erfc(-z / std::numbers::sqrt2);
}

}  // namespace

probability chance_inside(position_spread const& where, std::vector<outline::edge> const& border) {
  auto const l11 = std::sqrt(std::max(where.east_east.value, kLeastVariance));
  auto const l21 = where.east_north.value / l11;
  auto const l22 = std::sqrt(std::max(where.north_north.value - l21 * l21, kLeastVariance));
  auto whiten = [&](plane_point p) {
    auto const x = (p.east - where.mean.east).value / l11;
    return white{x, ((p.north - where.mean.north).value - l21 * x) / l22};
  };
  std::vector<std::pair<white, white>> edges;
  edges.reserve(border.size());
  auto low = kFarSigmas;
  auto high = -kFarSigmas;
  for (auto const& e : border) {
    edges.emplace_back(whiten(e.from), whiten(e.to));
    low = std::min(low, edges.back().first.x);
    high = std::max(high, edges.back().first.x);
  }
  low = std::max(low, -kFarSigmas);
  high = std::min(high, kFarSigmas);
  if (high <= low) return probability{0.0};
  auto const width = (high - low) / kStrips;
  auto sum = 0.0;
  std::vector<double> crossings;
  for (int i = 0; i < kStrips; ++i) {
    auto const x = low + (i + 0.5) * width;
    crossings.clear();
    for (auto const& [a, b] : edges) {
      if ((a.x > x) != (b.x > x)) crossings.push_back(a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x));
    }
    std::sort(crossings.begin(), crossings.end());
    auto inside = 0.0;
    for (std::size_t k = 0; k + 1 < crossings.size(); k += 2) inside += below(crossings[k + 1]) - below(crossings[k]);
    sum += inside * (below(x + width / 2) - below(x - width / 2));
  }
  return probability{std::clamp(sum, 0.0, 1.0)};
}

}  // namespace siren
