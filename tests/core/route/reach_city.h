#pragma once

#include "core/route/doors.h"
#include "core/route/random_city.h"
#include "core/route/reach.h"

namespace siren {

/// A random city, its doors and, by seed, people, conditions and closed bridges.
struct reach_city {
  random_city city;
  snap_index snap;
  reach_input input;

  [[nodiscard]] street_graph const& streets() const { return city.graph; }
  [[nodiscard]] edge_costs costs(gait g) const {
    return edge_costs{input.paces[static_cast<std::size_t>(g)], input.closed};
  }
  [[nodiscard]] std::span<anchor const> doors(gait g, std::uint32_t target) const {
    std::span<anchor const> const all{input.doors[static_cast<std::size_t>(g)]};
    return all.subspan(input.first_door[target], input.first_door[target + 1] - input.first_door[target]);
  }
};

inline reach_input make_reach_input(street_graph const& streets, snap_index const& snap,
                                    std::span<shelter const> shelters, walking_conditions now,
                                    closed_segments closed = {}) {
  walking_policy const walking;
  auto placed = place_doors(snap, shelters, {}, walking);
  reach_input input;
  input.now = now;
  for (auto const g : kAllGaits) input.paces[static_cast<std::size_t>(g)] = walking.pace(g, now);
  input.closed = std::move(closed);
  input.first_door = std::move(placed.first_door);
  input.doors = std::move(placed.doors);
  for (auto const& s : shelters) input.room.push_back(s.capacity);
  input.people.assign(streets.node_count(), 3);
  return input;
}

inline reach_city make_reach_city(std::uint64_t seed, std::size_t side, std::size_t shelters) {
  std::mt19937_64 dice{seed};
  auto const chance = [&](double p) { return std::bernoulli_distribution{p}(dice); };
  auto city = make_random_city(seed, side, shelters);
  for (auto& s : city.shelters) {
    s.step_free = chance(0.7);
    if (chance(0.3)) s.entrances.push_back({"", random_place(dice, 80.0 * static_cast<double>(side)), chance(0.7)});
  }
  snap_index snap{city.graph};
  std::vector<segment_index> closed;
  for (std::uint32_t s = 0; s < city.graph.segment_count(); ++s)
    if ((city.graph.segment(segment_index{s}).traits & kBridge) != 0 && chance(0.5)) closed.push_back(segment_index{s});
  walking_conditions const now{static_cast<street_light>(seed % 3), seed % 2 == 0};
  auto input = make_reach_input(city.graph, snap, city.shelters, now, closed_segments{std::move(closed)});
  return {std::move(city), std::move(snap), std::move(input)};
}

}  // namespace siren
