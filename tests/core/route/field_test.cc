#include "core/route/field.h"

#include <gtest/gtest.h>

#include <queue>

#include "core/route/random_city.h"

namespace siren {
namespace {

/// Time from each node to the nearest source by the textbook: Dijkstra with a heap over explicitly reversed edges.
std::vector<std::uint64_t> plain_dijkstra(street_graph const& streets, edge_costs const& costs,
                                          std::vector<field_source> const& sources) {
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> into(streets.node_count());
  for (std::uint32_t n = 0; n < streets.node_count(); ++n)
    for (auto const& e : streets.edges_of(node_index{n}))
      if (costs.allows(e.flags())) into[e.target().value].push_back({n, costs.cost_ms(e.length_cm(), e.flags())});
  std::vector<std::uint64_t> best(streets.node_count(), kNoIndex);
  using entry = std::pair<std::uint64_t, std::uint32_t>;
  std::priority_queue<entry, std::vector<entry>, std::greater<>> queue;
  for (auto const& s : sources) queue.push({s.usual_ms, s.node.value});
  while (!queue.empty()) {
    auto const [time, node] = queue.top();
    queue.pop();
    if (time >= best[node]) continue;
    best[node] = time;
    for (auto const& [from, cost] : into[node]) queue.push({time + cost, from});
  }
  return best;
}

TEST(edge_costs, follow_the_facts) {
  edge_costs const average{walking_pace{}};
  EXPECT_NEAR(average.cost_ms(50'000, 0) / 60'000.0, 6.83, 0.01);  // 500 m take 6.8 min at 1.22 m/s
  edge_costs const slow{walking_policy{}.of(walking_profile::slow)};
  EXPECT_NEAR(slow.cost_ms(50'000, 0) / 60'000.0, 10.42, 0.01);  // and 10.4 min at 0.8 m/s
  EXPECT_NEAR(average.cost_ms(1'000, kSteps | kDescent) / 1000.0, 10.0 / 0.61, 0.01);
  EXPECT_NEAR(average.cost_ms(1'000, kSteps | kClimb) / 1000.0, 10.0 / 0.427, 0.02);
  EXPECT_EQ(average.cost_ms(1'000, kSteps), average.cost_ms(1'000, kSteps | kClimb));
  EXPECT_FALSE(average.allows(kNoEntry));
  EXPECT_TRUE(average.allows(kReverseNoEntry));
  EXPECT_TRUE(average.allows(kNoWheels));
  edge_costs const wheels{walking_policy{}.of(walking_profile::wheelchair)};
  EXPECT_FALSE(wheels.allows(kSteps | kDescent));
  EXPECT_FALSE(wheels.allows(kNoWheels));
}

TEST(slow_case, takes_the_worst_condition) {
  slow_case_policy const policy;
  EXPECT_EQ(slow_case(milliseconds{48'000}, {}, policy), milliseconds{60'000});
  EXPECT_EQ(slow_case(milliseconds{48'000}, {.dark = true}, policy), milliseconds{75'000});
  EXPECT_EQ(slow_case(milliseconds{48'000}, {.dark = true, .ice = true}, policy), milliseconds{100'000});
  EXPECT_EQ(expected_case(milliseconds{48'000}, {}, policy), milliseconds{48'000});
  EXPECT_EQ(expected_case(milliseconds{48'000}, {.ice = true}, policy), milliseconds{80'000});
}

TEST(nearest_field, a_oneway_is_walked_one_way) {
  ascii_streets const city({"A>>B", "|  |", "C--D"});
  edge_costs const costs{walking_pace{}};
  std::vector<field_source> const at_b{{0, city.node('B'), 0}};
  auto const guides = nearest_field(city.graph(), costs, at_b);
  EXPECT_EQ(city.graph().edge(guides[city.node('A').value].next).target(), city.node('B'));
  std::vector<field_source> const at_a{{0, city.node('A'), 0}};
  auto const back = nearest_field(city.graph(), costs, at_a);
  EXPECT_EQ(city.graph().edge(back[city.node('B').value].next).target(), city.node('D'));
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
    for (auto const& pace : walking_policy{}.paces) {
      edge_costs const costs{pace};
      auto const guides = nearest_field(city.graph, costs, sources);
      auto const expected = plain_dijkstra(city.graph, costs, sources);
      for (std::uint32_t n = 0; n < guides.size(); ++n) {
        auto const& guide = guides[n];
        ASSERT_EQ(guide.usual_ms, expected[n]) << "seed " << seed << " node " << n;
        ASSERT_EQ(guide.door == kNoIndex, expected[n] == kNoIndex);
        if (guide.next.value == kNoIndex) continue;
        auto const& edge = city.graph.edge(guide.next);
        ASSERT_EQ(city.graph.source(guide.next), node_index{n});
        ASSERT_TRUE(costs.allows(edge.flags())) << "seed " << seed;
        auto const& after = guides[edge.target().value];
        ASSERT_EQ(guide.usual_ms, after.usual_ms + costs.cost_ms(edge.length_cm(), edge.flags())) << "seed " << seed;
        ASSERT_EQ(guide.door, after.door);
      }
    }
  }
}

}  // namespace
}  // namespace siren
