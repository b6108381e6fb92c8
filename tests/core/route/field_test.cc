#include "core/route/field.h"

#include <gtest/gtest.h>

#include "core/route/plain_dijkstra.h"
#include "core/route/random_city.h"

namespace siren {
namespace {

TEST(nearest_field, a_oneway_is_walked_one_way) {
  ascii_streets const city({"A>>B", "|  |", "C--D"});
  edge_costs const costs{walking_pace{}};
  reversed_graph const streets{city.graph(), costs};
  std::vector<field_source> const at_b{{0, city.node('B'), 0}};
  auto const one_street = nearest_field(streets, at_b)[city.node('A').value].usual_ms;
  std::vector<field_source> const at_a{{0, city.node('A'), 0}};
  auto const around = nearest_field(streets, at_a)[city.node('B').value].usual_ms;
  EXPECT_NEAR(one_street, 150.0 / 1.22 * 1'000.0, 100.0);
  EXPECT_NEAR(around, 550.0 / 1.22 * 1'000.0, 100.0);
}

TEST(nearest_field, equals_plain_dijkstra_on_any_city) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    auto const city = make_random_city(seed, 5 + seed % 20, 0, seed % 5 == 0 ? 900.0 : 80.0);
    std::mt19937_64 dice{seed};
    std::uniform_int_distribution<std::uint32_t> any_node{0, static_cast<std::uint32_t>(city.graph.node_count() - 1)};
    std::uniform_int_distribution<std::uint32_t> any_time{0, seed % 4 == 0 ? 3'000'000U : 60'000U};
    std::vector<field_source> sources;
    for (std::uint32_t door = 0; door < seed % 9; ++door)
      sources.push_back({door, node_index{any_node(dice)}, any_time(dice)});
    for (auto const g : kAllGaits) {
      edge_costs const costs{walking_policy{}.pace(g, {})};
      std::vector<plain_source> plain;
      for (auto const& source : sources) plain.push_back({source.node, source.usual_ms});
      auto const expected = plain_dijkstra(city.graph, costs, plain);
      auto const nearest = nearest_field(reversed_graph{city.graph, costs}, sources);
      for (std::uint32_t n = 0; n < nearest.size(); ++n) {
        ASSERT_EQ(nearest[n].usual_ms, expected[n]) << "seed " << seed << " node " << n;
        ASSERT_EQ(nearest[n].source == kNoIndex, expected[n] == kNoIndex);
      }
    }
  }
}

}  // namespace
}  // namespace siren
