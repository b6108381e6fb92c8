#include "street_lattice.h"

#include <array>
#include <limits>

namespace siren::city {
namespace {

constexpr double kReach = 1.2;       // in radii: how far a neighbourhood's streets go where no other is nearer
constexpr double kReachSway = 0.25;  // so that the city frays instead of ending in circles
constexpr double kWarpWavelength_m = 900.0;
constexpr double kWarp_m = 75.0;  // streets drift by this from their straight grid
constexpr int kMajorEvery = 4;    // each fourth street of a grid is a through street

/// Smooth noise in [-1, 1]: values hashed at the corners of a grid, blended between.
double slow_noise(spot at, std::uint64_t lane) {
  auto const value = [&](std::int64_t x, std::int64_t y) {
    auto h = static_cast<std::uint64_t>(x) * 0x9E3779B97F4A7C15ULL ^
             static_cast<std::uint64_t>(y) * 0xC2B2AE3D27D4EB4FULL ^ lane * 0x165667B19E3779F9ULL;
    h ^= h >> 29U;
    h *= 0xBF58476D1CE4E5B9ULL;
    h ^= h >> 32U;
    return static_cast<double>(h >> 11U) * 0x1.0p-52 - 1.0;
  };
  double const x = at.east_m / kWarpWavelength_m;
  double const y = at.north_m / kWarpWavelength_m;
  double const left = std::floor(x);
  double const low = std::floor(y);
  auto const ix = static_cast<std::int64_t>(left);
  auto const iy = static_cast<std::int64_t>(low);
  auto const ease = [](double t) { return t * t * (3.0 - 2.0 * t); };
  double const u = ease(x - left);
  double const v = ease(y - low);
  double const south = value(ix, iy) + (value(ix + 1, iy) - value(ix, iy)) * u;
  double const north = value(ix, iy + 1) + (value(ix + 1, iy + 1) - value(ix, iy + 1)) * u;
  return south + (north - south) * v;
}

class lattice {
 public:
  lattice(city_facts const& facts, plane const& ground, terrain const& land, double block_scale, random_stream& random,
          street_network& net)
      : facts_{facts}, land_{land}, scale_{block_scale}, random_{random}, net_{net} {
    for (auto const& n : facts.neighbourhoods) middles_.push_back(ground.to_spot(n.middle));
    lane_ = static_cast<std::uint64_t>(random.unit() * 0x1.0p48);
  }

  void lay(std::uint32_t which) {
    auto const& n = facts_.neighbourhoods[which];
    auto const& shape = shape_of(n.built);
    // A turn by its half-angle tangent needs no sine: any t in [-0.4, 0.4] is a turn of up to 44 degrees.
    double const t = random_.between(-0.4, 0.4);
    cosine_ = (1.0 - t * t) / (1.0 + t * t);
    sine_ = 2.0 * t / (1.0 + t * t);
    double const width = shape.block_east_m * scale_;
    double const height = shape.block_north_m * scale_;
    auto const half_columns = static_cast<int>(n.radius.value * kReach / width) + 2;
    auto const half_rows = static_cast<int>(n.radius.value * kReach / height) + 2;
    columns_ = 2 * half_columns + 1;
    rows_ = 2 * half_rows + 1;
    crossings_.assign(static_cast<std::size_t>(columns_ * rows_), kNone);
    for (int row = 0; row < rows_; ++row) {
      for (int column = 0; column < columns_; ++column) {
        spot const local{(column - half_columns) * width + random_.between(-1.0, 1.0) * shape.jitter_m,
                         (row - half_rows) * height + random_.between(-1.0, 1.0) * shape.jitter_m};
        auto const at = placed(which, local);
        if (owner_of(at) == which && land_.buildable(at) && land_.dry_line(middles_[which], at))
          crossings_[cell(column, row)] = net_.add_node(at, which);
      }
    }
    connect(which, shape);
  }

 private:
  std::size_t cell(int column, int row) const { return static_cast<std::size_t>(row * columns_ + column); }

  spot placed(std::uint32_t which, spot local) const {
    spot const turned{local.east_m * cosine_ - local.north_m * sine_, local.east_m * sine_ + local.north_m * cosine_};
    spot const at = middles_[which] + turned;
    return at + spot{slow_noise(at, lane_) * kWarp_m, slow_noise(at, lane_ + 1) * kWarp_m};
  }

  std::uint32_t owner_of(spot at) const {
    std::uint32_t best = kNone;
    double const reach = kReach * (1.0 + kReachSway * slow_noise(at, lane_ + 2));
    double least = reach * reach;
    for (std::uint32_t i = 0; i < middles_.size(); ++i) {
      double const radius = facts_.neighbourhoods[i].radius.value;
      double const away = square_m2(at - middles_[i]) / (radius * radius);
      if (away < least) {
        least = away;
        best = i;
      }
    }
    return best;
  }

  std::uint32_t stretch(std::uint32_t a, std::uint32_t b, pattern_shape const& shape, street_kind kind,
                        std::uint32_t line) {
    if (a == kNone || b == kNone || !land_.dry_line(net_.nodes[a].at, net_.nodes[b].at)) return kNone;
    if (!net_.major_line[line] && random_.chance(shape.left_out)) return kNone;
    net_.nodes[a].line = net_.nodes[b].line = line;
    return net_.add_link(a, b, kind, line);
  }

  void connect(std::uint32_t which, pattern_shape const& shape) {
    auto const kind =
        facts_.neighbourhoods[which].built == pattern::park ? street_kind::footway : street_kind::residential;
    std::vector<std::uint32_t> eastward(crossings_.size(), kNone);
    std::vector<std::uint32_t> northward(crossings_.size(), kNone);
    for (int row = 0; row < rows_; ++row) {
      auto const line = net_.add_line(row % kMajorEvery == 1);
      for (int c = 0; c + 1 < columns_; ++c) {
        eastward[cell(c, row)] = stretch(crossings_[cell(c, row)], crossings_[cell(c + 1, row)], shape, kind, line);
      }
    }
    for (int column = 0; column < columns_; ++column) {
      auto const line = net_.add_line(column % kMajorEvery == 1);
      for (int r = 0; r + 1 < rows_; ++r) {
        northward[cell(column, r)] =
            stretch(crossings_[cell(column, r)], crossings_[cell(column, r + 1)], shape, kind, line);
      }
    }
    for (int row = 0; row + 1 < rows_; ++row) {
      for (int c = 0; c + 1 < columns_; ++c) {
        street_block const block{
            {crossings_[cell(c, row)], crossings_[cell(c + 1, row)], crossings_[cell(c + 1, row + 1)],
             crossings_[cell(c, row + 1)]},
            {eastward[cell(c, row)], northward[cell(c + 1, row)], eastward[cell(c, row + 1)], northward[cell(c, row)]},
            which};
        if (std::find(block.corners.begin(), block.corners.end(), kNone) == block.corners.end())
          net_.blocks.push_back(block);
      }
    }
  }

  city_facts const& facts_;
  terrain const& land_;
  double scale_;
  random_stream& random_;
  street_network& net_;
  std::vector<spot> middles_;
  std::uint64_t lane_ = 0;
  double cosine_ = 1.0;
  double sine_ = 0.0;
  int columns_ = 0;
  int rows_ = 0;
  std::vector<std::uint32_t> crossings_;
};

}  // namespace

pattern_shape const& shape_of(pattern built) {
  static constexpr std::array<pattern_shape, 6> kShapes{{
      {140.0, 115.0, 12.0, 0.10, 0.04, 0.55, 0.8},   // old
      {190.0, 150.0, 10.0, 0.10, 0.03, 0.80, 0.7},   // blocks
      {290.0, 240.0, 14.0, 0.05, 0.04, 0.97, 0.7},   // estate
      {210.0, 95.0, 10.0, 0.14, 0.07, 0.08, 0.3},    // houses
      {320.0, 270.0, 15.0, 0.18, 0.03, 0.25, 0.4},   // industry
      {260.0, 230.0, 40.0, 0.25, 0.12, 0.10, 0.15},  // park
  }};
  return kShapes[static_cast<std::size_t>(built)];
}

void lay_lattices(city_facts const& facts, plane const& ground, terrain const& land, double block_scale,
                  random_stream& random, street_network& net) {
  lattice grid{facts, ground, land, block_scale, random, net};
  for (std::uint32_t i = 0; i < facts.neighbourhoods.size(); ++i) grid.lay(i);
}

}  // namespace siren::city
