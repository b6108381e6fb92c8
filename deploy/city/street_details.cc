#include "street_details.h"

#include <array>

#include "spot_index.h"
#include "street_lattice.h"

namespace siren::city {
namespace {

constexpr double kBendEvery_m = 29.0;
constexpr double kBridgeBendEvery_m = 60.0;
constexpr double kRoadBow = 0.04;  // of roads between neighbourhoods
constexpr double kMetroReach_m = 1'500.0;

pattern_shape const& shape_at(city_facts const& facts, std::uint32_t neighbourhood) {
  return shape_of(neighbourhood == kNone ? pattern::blocks : facts.neighbourhoods[neighbourhood].built);
}

}  // namespace

void bend_links(city_facts const& facts, terrain const& land, double block_scale, random_stream& random,
                street_network& net) {
  for (auto& l : net.links) {
    if (!l.alive) continue;
    auto const from = net.nodes[l.from];
    auto const to = net.nodes[l.to];
    double const length = distance_m(from.at, to.at);
    bool const over_water = l.bridge != kNone;
    double const every = over_water ? kBridgeBendEvery_m : kBendEvery_m * block_scale;
    auto const pieces = static_cast<int>(length / every) + 1;
    double const most = over_water ? 0.0 : l.line == kNone ? kRoadBow : shape_at(facts, from.neighbourhood).bow;
    double const bow = random.between(-most, most);
    auto const aside = spot{from.at.north_m - to.at.north_m, to.at.east_m - from.at.east_m} * bow;
    l.path.push_back(l.from);
    for (int i = 1; i < pieces; ++i) {
      double const t = static_cast<double>(i) / pieces;
      auto const straight = along(from.at, to.at, t);
      auto const bowed = straight + aside * (4.0 * t * (1.0 - t));
      bool const fits = over_water || land.buildable(bowed);
      l.path.push_back(net.add_node(fits ? bowed : straight, from.neighbourhood, l.line));
    }
    l.path.push_back(l.to);
  }
}

namespace {

class courtyard_maker {
 public:
  courtyard_maker(city_facts const& facts, terrain const& land, random_stream& random, street_network& net)
      : facts_{facts}, land_{land}, random_{random}, net_{net} {}

  void fill(street_block const& block) {
    block_ = &block;
    auto const& n = facts_.neighbourhoods[block.neighbourhood];
    auto const& shape = shape_of(n.built);
    if (!random_.chance(shape.courtyard) || !gates()) return;
    slope_ = n.slope.value;
    for (auto const corner : block.corners) {
      if (!land_.buildable(net_.nodes[corner].at)) return;
    }
    if (!land_.buildable(inside(0.5, 0.5)) || !land_.dry_line(inside(0.2, 0.2), inside(0.8, 0.8)) ||
        !land_.dry_line(inside(0.2, 0.8), inside(0.8, 0.2))) {
      return;
    }
    if (n.built == pattern::estate) {
      ring();
    } else {
      cross();
    }
  }

 private:
  /// The middle nodes of the block's sides; a courtyard needs two to be a way through.
  bool gates() {
    std::size_t found = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      gates_[i] = kNone;
      auto const side = block_->sides[i];
      if (side == kNone || !net_.links[side].alive || net_.links[side].path.size() < 3) continue;
      auto const& path = net_.links[side].path;
      gates_[i] = path[path.size() / 2];
      line_ = net_.links[side].line;
      ++found;
    }
    return found >= 2;
  }

  /// A spot of the block, both shares from 0 (west, south) to 1.
  spot inside(double east, double north) const {
    auto const& c = block_->corners;
    auto const south_side = along(net_.nodes[c[0]].at, net_.nodes[c[1]].at, east);
    auto const north_side = along(net_.nodes[c[3]].at, net_.nodes[c[2]].at, east);
    return along(south_side, north_side, north);
  }
  std::uint32_t yard(double east, double north) {
    auto const shifted = [&](double share) { return share + random_.between(-0.05, 0.05); };
    return net_.add_node(inside(shifted(east), shifted(north)), block_->neighbourhood, line_);
  }
  void way(std::vector<std::uint32_t> path, street_kind kind) {
    if (kind == street_kind::footway && random_.chance(slope_)) kind = street_kind::steps;
    auto const id = net_.add_link(path.front(), path.back(), kind);
    net_.links[id].path = std::move(path);
  }

  static constexpr std::array<std::array<double, 2>, 4> kGateSide{{{0.5, 0.0}, {1.0, 0.5}, {0.5, 1.0}, {0.0, 0.5}}};

  void cross() {
    auto const middle = yard(0.5, 0.5);
    for (std::size_t i = 0; i < 4; ++i) {
      if (gates_[i] == kNone) continue;
      double const east = 0.5 + (kGateSide[i][0] - 0.5) * 0.5;
      double const north = 0.5 + (kGateSide[i][1] - 0.5) * 0.5;
      auto const between = yard(east, north);
      way({gates_[i], between}, street_kind::footway);
      way({between, middle}, street_kind::footway);
    }
  }

  void ring() {
    std::array<std::uint32_t, 8> ring{};
    static constexpr std::array<std::array<double, 2>, 8> kRing{
        {{0.5, 0.24}, {0.76, 0.24}, {0.76, 0.5}, {0.76, 0.76}, {0.5, 0.76}, {0.24, 0.76}, {0.24, 0.5}, {0.24, 0.24}}};
    for (std::size_t i = 0; i < 8; ++i) ring[i] = yard(kRing[i][0], kRing[i][1]);
    for (std::size_t i = 0; i < 8; i += 2) {
      way({ring[i], ring[i + 1], ring[(i + 2) % 8]}, street_kind::service);
      auto const gate = gates_[i / 2];
      if (gate != kNone) way({gate, ring[i]}, i % 4 == 0 ? street_kind::service : street_kind::footway);
    }
    auto const middle = yard(0.5, 0.5);
    for (std::size_t i = 0; i < 8; i += 2) {
      if (random_.chance(0.75)) way({ring[i], middle}, street_kind::footway);
      // Ways to the doors of the houses along the ring.
      auto const corner = ring[i + 1];
      auto const door = yard(0.5 + (kRing[i + 1][0] - 0.5) * 1.4, 0.5 + (kRing[i + 1][1] - 0.5) * 1.4);
      way({corner, door}, street_kind::footway);
    }
  }

  city_facts const& facts_;
  terrain const& land_;
  random_stream& random_;
  street_network& net_;
  street_block const* block_ = nullptr;
  std::array<std::uint32_t, 4> gates_{};
  std::uint32_t line_ = kNone;
  double slope_ = 0.0;
};

}  // namespace

void add_courtyards(city_facts const& facts, terrain const& land, random_stream& random, street_network& net) {
  courtyard_maker maker{facts, land, random, net};
  auto const blocks = std::move(net.blocks);
  for (auto const& block : blocks) maker.fill(block);
  net.blocks.clear();
}

void tie_metro(city_facts const& facts, plane const& ground, terrain const& land, street_network& net) {
  spot_index used{200.0};
  std::vector<bool> added(net.nodes.size(), false);
  for (auto const& l : net.links) {
    if (!l.alive || l.bridge != kNone) continue;
    for (auto const node : l.path) {
      if (!added[node]) used.add(net.nodes[node].at, node);
      added[node] = true;
    }
  }
  for (auto const& station : facts.metro.stations) {
    for (auto const& e : station.entrances) {
      auto const at = ground.to_spot(e.place);
      if (!land.buildable(at)) continue;
      for (auto const& [away, node] : used.near(at, kMetroReach_m, [](std::uint32_t) { return true; })) {
        auto const there = net.nodes[node];
        if (!land.dry_line(at, there.at)) continue;
        std::vector<std::uint32_t> path{net.add_node(at, there.neighbourhood, there.line)};
        net.nodes.back().entrance = true;
        auto const pieces = static_cast<int>(away / kBendEvery_m) + 1;
        for (int i = 1; i < pieces; ++i) {
          auto const between = along(at, there.at, static_cast<double>(i) / pieces);
          path.push_back(net.add_node(between, there.neighbourhood, there.line));
        }
        path.push_back(node);
        auto const link = net.add_link(path.front(), node, street_kind::footway);
        net.links[link].path = std::move(path);
        break;
      }
    }
  }
}

}  // namespace siren::city
