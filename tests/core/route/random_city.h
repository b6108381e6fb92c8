#pragma once

#include <random>
#include <vector>

#include "core/route/ascii_streets.h"
#include "core/route/street_graph_builder.h"
#include "core/shelter/shelter.h"

namespace siren {

struct random_city {
  street_graph graph;
  std::vector<shelter> shelters;
};

inline lat_lon random_place(std::mt19937_64& dice, double side_m) {
  std::uniform_real_distribution<double> at{0.0, side_m};
  double const east = at(dice);
  return local_plane{{degrees{50.45}, degrees{30.52}}}.to_place({meters{east}, meters{at(dice)}});
}

/// `side` × `side` bent grid with holes, steps, one-way and rough streets, and shelters of every state.
inline random_city make_random_city(std::uint64_t seed, std::size_t side, std::size_t shelters, double block_m = 80.0) {
  std::mt19937_64 dice{seed};
  local_plane const plane{{degrees{50.45}, degrees{30.52}}};
  std::uniform_real_distribution<double> bend{-0.3 * block_m, 0.3 * block_m};
  auto const chance = [&](double p) { return std::bernoulli_distribution{p}(dice); };
  street_graph_builder builder;
  std::int64_t extra = 1'000'000'000;
  auto const key = [&](std::size_t r, std::size_t c) { return street_key{static_cast<std::int64_t>(r * 100'000 + c)}; };
  std::vector<plane_point> points;
  for (std::size_t r = 0; r < side; ++r)
    for (std::size_t c = 0; c < side; ++c) {
      points.push_back({meters{block_m * static_cast<double>(c) + bend(dice)},
                        meters{block_m * static_cast<double>(r) + bend(dice)}});
      builder.add_node(key(r, c), plane.to_place(points.back()));
    }
  auto const join = [&](std::size_t r, std::size_t c, std::size_t r2, std::size_t c2) {
    if (chance(0.12)) return;
    way_attributes way;
    way.name = "Street " + std::to_string(r == r2 ? r : 1000 + c);
    if (chance(0.08)) way.kind = foot_class::steps;
    if (chance(0.3)) way.slope = chance(0.5) ? incline::up : incline::down;
    if (chance(0.05)) way.wheels = false;
    way.steep = chance(0.1);
    way.rough = chance(0.05);
    way.bridge = chance(0.05);
    if (chance(0.2)) way.light = lighting::dark;
    if (chance(0.05)) way.direction = chance(0.5) ? foot_direction::along : foot_direction::against;
    std::vector<street_key> line{key(r, c)};
    if (chance(0.3)) {
      auto const a = points[r * side + c];
      auto const b = points[r2 * side + c2];
      builder.add_node(street_key{++extra},
                       plane.to_place({(a.east + b.east) * 0.5 + meters{bend(dice)}, (a.north + b.north) * 0.5}));
      line.push_back(street_key{extra});
    }
    line.push_back(key(r2, c2));
    builder.add_way(line, way);
  };
  for (std::size_t r = 0; r < side; ++r)
    for (std::size_t c = 0; c < side; ++c) {
      if (c + 1 < side) join(r, c, r, c + 1);
      if (r + 1 < side) join(r, c, r + 1, c);
    }
  std::vector<shelter> all;
  for (std::size_t i = 0; i < shelters; ++i) {
    auto s =
        open_shelter("s" + std::to_string(i), random_place(dice, block_m * static_cast<double>(side)), chance(0.7));
    if (chance(0.2)) s.state = open_state::closed;
    if (chance(0.1)) s.occupancy = s.capacity;
    if (chance(0.1))
      s.type = shelter_type::metro_station, s.role = chance(0.5) ? metro_role::train : metro_role::no_power;
    all.push_back(std::move(s));
  }
  return {std::move(builder).build().graph, std::move(all)};
}

}  // namespace siren
