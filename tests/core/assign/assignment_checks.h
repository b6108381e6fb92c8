#pragma once

#include <gtest/gtest.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/assign/assigner.h"

namespace siren {

/// What a lot pays for a choice, or nothing when it may not take it. Written anew from the words of the contract.
[[nodiscard]] inline std::optional<std::uint64_t> cost_of(assignment_problem const& problem, people_lot const& lot,
                                                          target_choice const& choice) {
  auto const& target = problem.targets[choice.target.value];
  auto const walk = (std::uint64_t{choice.cost_ds} * lot.pace + 65'535) / 65'536;
  if (walk > lot.budget_ds || (lot.needs & target.offers) != lot.needs || target.room == 0) return std::nullopt;
  return walk + target.handicap_ds;
}

/// The exact least cost, by network simplex (LEMON).
[[nodiscard]] inline std::uint64_t optimal_cost(assignment_problem const& problem) {
  using graph = lemon::SmartDigraph;
  graph g;
  std::vector<graph::Node> lots;
  std::vector<graph::Node> targets;
  for (std::size_t l = 0; l < problem.lots.size(); ++l) lots.push_back(g.addNode());
  for (std::size_t t = 0; t < problem.targets.size(); ++t) targets.push_back(g.addNode());
  auto const sink = g.addNode();
  graph::ArcMap<std::int64_t> capacity{g, 0};
  graph::ArcMap<std::int64_t> cost{g, 0};
  graph::NodeMap<std::int64_t> supply{g, 0};
  auto const add = [&](graph::Node from, graph::Node to, std::uint64_t most, std::uint64_t price) {
    auto const arc = g.addArc(from, to);
    capacity[arc] = static_cast<std::int64_t>(most);
    cost[arc] = static_cast<std::int64_t>(price);
  };
  for (std::size_t l = 0; l < problem.lots.size(); ++l) {
    auto const& lot = problem.lots[l];
    supply[lots[l]] = lot.people;
    supply[sink] -= lot.people;
    add(lots[l], sink, lot.people, problem.stay_cost_ds);
    for (auto c = problem.first_choice[lot.list]; c < problem.first_choice[lot.list + 1]; ++c)
      if (auto const price = cost_of(problem, lot, problem.choices[c]))
        add(lots[l], targets[problem.choices[c].target.value], lot.people, *price);
  }
  for (std::size_t t = 0; t < problem.targets.size(); ++t) add(targets[t], sink, problem.targets[t].room, 0);
  lemon::NetworkSimplex<graph, std::int64_t, std::int64_t> simplex{g};
  simplex.upperMap(capacity).costMap(cost).supplyMap(supply);
  EXPECT_EQ(simplex.run(), simplex.OPTIMAL);
  return simplex.totalCost<std::uint64_t>();
}

/// Promise "reachable, open, roomy": no target holds more than its room, every share is allowed, everyone is counted
/// once, and loads, staying and objective add up.
inline void expect_feasible(assigner const& a) {
  auto const& problem = a.problem();
  std::vector<std::uint64_t> load(problem.targets.size());
  std::uint64_t staying = 0;
  std::uint64_t objective = 0;
  std::vector<lot_share> shares;
  for (std::uint32_t l = 0; l < problem.lots.size(); ++l) {
    auto const& lot = problem.lots[l];
    a.shares_of(lot_index{l}, shares);
    std::uint64_t people = a.staying_of(lot_index{l});
    staying += people;
    objective += people * problem.stay_cost_ds;
    for (auto const& share : shares) {
      ASSERT_GE(share.choice, problem.first_choice[lot.list]) << "lot " << l;
      ASSERT_LT(share.choice, problem.first_choice[lot.list + 1]) << "lot " << l;
      ASSERT_GT(share.people, 0U);
      auto const price = cost_of(problem, lot, problem.choices[share.choice]);
      ASSERT_TRUE(price.has_value()) << "lot " << l << " takes a way it may not take";
      people += share.people;
      objective += share.people * *price;
      load[problem.choices[share.choice].target.value] += share.people;
    }
    ASSERT_EQ(people, lot.people) << "lot " << l;
  }
  for (std::uint32_t t = 0; t < load.size(); ++t) {
    ASSERT_LE(load[t], problem.targets[t].room) << "target " << t;
    ASSERT_EQ(load[t], a.load_of(target_index{t})) << "target " << t;
  }
  EXPECT_EQ(staying, a.staying());
  EXPECT_EQ(objective, a.certificate().objective);
  EXPECT_LE(a.certificate().lower_bound, objective);
}

/// Where everybody is: people by lot and target (target count = staying).
[[nodiscard]] inline std::vector<std::map<std::uint32_t, std::uint32_t>> places_of(assigner const& a) {
  auto const& problem = a.problem();
  std::vector<std::map<std::uint32_t, std::uint32_t>> places(problem.lots.size());
  std::vector<lot_share> shares;
  for (std::uint32_t l = 0; l < places.size(); ++l) {
    a.shares_of(lot_index{l}, shares);
    for (auto const& share : shares) places[l][problem.choices[share.choice].target.value] += share.people;
    if (auto const staying = a.staying_of(lot_index{l}); staying != 0)
      places[l][static_cast<std::uint32_t>(problem.targets.size())] = staying;
  }
  return places;
}

}  // namespace siren
