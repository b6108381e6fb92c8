#include "core/route/walking.h"

#include <gtest/gtest.h>

#include "core/route/ascii_streets.h"

namespace siren {
namespace {

edge_costs costs_of(walking_profile p, walking_conditions now = {}) {
  return edge_costs{walking_policy{}.pace(p, now)};
}
double minutes_for_500_m(edge_costs const& costs, std::uint8_t flags = 0) {
  return costs.cost_ms(50'000, flags) / 60'000.0;
}
street_edge with(std::uint8_t flags) {
  return {node_index{1}, edge_index{1}, segment_index{7}, 1'000, flags};
}

TEST(walking, follows_the_facts) {
  auto const average = costs_of(walking_profile::average);
  EXPECT_NEAR(minutes_for_500_m(average), 6.83, 0.01);                           // 500 m take 6.8 min at 1.22 m/s
  EXPECT_NEAR(minutes_for_500_m(costs_of(walking_profile::slow)), 10.42, 0.01);  // and 10.4 min at 0.8 m/s
  EXPECT_NEAR(average.cost_ms(1'000, kSteps | kDescent) / 1000.0, 10.0 / 0.61, 0.01);
  EXPECT_NEAR(average.cost_ms(1'000, kSteps | kClimb) / 1000.0, 10.0 / 0.427, 0.02);
  EXPECT_EQ(average.cost_ms(1'000, kSteps), average.cost_ms(1'000, kSteps | kClimb));
}

TEST(walking, who_may_go_where) {
  auto const average = costs_of(walking_profile::average);
  EXPECT_FALSE(average.allows(with(kNoEntry)));
  EXPECT_TRUE(average.allows_reversed(with(kNoEntry)));
  EXPECT_TRUE(average.allows(with(kReverseNoEntry)));
  EXPECT_FALSE(average.allows_reversed(with(kReverseNoEntry)));
  EXPECT_TRUE(average.allows(with(kNoWheels)));
  auto const wheels = costs_of(walking_profile::wheelchair);
  EXPECT_FALSE(wheels.allows(with(kSteps | kDescent)));
  EXPECT_FALSE(wheels.allows(with(kNoWheels)));
  EXPECT_TRUE(wheels.allows(with(kRough)));
  for (auto const p : kAllProfiles) EXPECT_EQ(costs_of(p).allows(with(kSteps)), p != walking_profile::wheelchair);
}

TEST(walking, slopes_surfaces_and_steps_slow) {
  auto const foot = costs_of(walking_profile::average);
  auto const flat = foot.cost_ms(100'000, 0);
  EXPECT_NEAR(foot.cost_ms(100'000, kClimb), flat / 0.7, 100.0);
  EXPECT_EQ(foot.cost_ms(100'000, kDescent), flat);
  EXPECT_NEAR(foot.cost_ms(100'000, kRough), flat / 0.85, 100.0);
  EXPECT_NEAR(foot.cost_ms(100'000, kRough | kClimb), flat / 0.85 / 0.7, 200.0);
  EXPECT_EQ(foot.cost_ms(100'000, kUnlit), flat) << "by day lamps don't matter";
  EXPECT_EQ(foot.cost_ms(100'000, kSteps | kRough), foot.cost_ms(100'000, kSteps));
  auto const wheels = costs_of(walking_profile::wheelchair);
  EXPECT_GT(wheels.cost_ms(100'000, kDescent), wheels.cost_ms(100'000, 0));
}

TEST(walking, the_worst_condition_counts_where_it_holds) {
  struct row {
    walking_conditions now;
    double lit, unlit, steps;  // share of the dry daytime speed that is left
  };
  auto const dark = street_light::dark;
  auto const blackout = street_light::blackout;
  row const rows[] = {{{}, 1.0, 1.0, 1.0},
                      {{dark, false}, 1.0, 0.8, 1.0},
                      {{blackout, false}, 0.7, 0.7, 0.7},
                      {{street_light::day, true}, 0.6, 0.6, 0.5},
                      {{dark, true}, 0.6, 0.6, 0.5},
                      {{blackout, true}, 0.6, 0.6, 0.5}};
  auto const day = costs_of(walking_profile::average);
  for (auto const& [now, lit, unlit, steps] : rows) {
    auto const costs = costs_of(walking_profile::average, now);
    auto const share = [&](std::uint8_t flags) {
      return static_cast<double>(day.cost_ms(1'000'000, flags)) / costs.cost_ms(1'000'000, flags);
    };
    EXPECT_NEAR(share(0), lit, 0.001);
    EXPECT_NEAR(share(kUnlit), unlit, 0.001);
    EXPECT_NEAR(share(kSteps), steps, 0.001);
    EXPECT_NEAR(share(kSteps | kDescent), steps, 0.001);
    EXPECT_NEAR(static_cast<double>(day.flat_ms(1'000'000)) / costs.flat_ms(1'000'000), lit, 0.001);
  }
}

TEST(walking, a_profile_is_its_gait_with_a_factor) {
  walking_policy const policy;
  walking_conditions const now{street_light::dark, true};
  double people = 0.0;
  for (auto const p : kAllProfiles) {
    edge_costs const own{policy.pace(p, now)};
    edge_costs const of_gait{policy.pace(policy.of(p).walks, now)};
    for (std::uint8_t const flags : {0, int{kClimb}, int{kRough}, int{kUnlit}}) {
      auto const scaled = policy.usual(p, milliseconds{of_gait.cost_ms(200'000, flags)});
      EXPECT_NEAR(static_cast<double>(scaled.count()), own.cost_ms(200'000, flags), 200.0) << name_of(p);
    }
    people += policy.of(p).population;
  }
  EXPECT_NEAR(people, 1.0, 1e-9);
  EXPECT_EQ(policy.slow_case(milliseconds{48'000}), milliseconds{60'000});
  EXPECT_EQ(policy.slow_case(milliseconds{1}), milliseconds{2}) << "rounded up";
}

TEST(closed_segments, bar_both_ways) {
  edge_costs const costs{walking_pace{}, closed_segments{{segment_index{9}, segment_index{7}, segment_index{7}}}};
  EXPECT_EQ(costs.closed().all().size(), 2U);
  EXPECT_FALSE(costs.allows(with(0)));
  EXPECT_FALSE(costs.allows_reversed(with(0)));
  EXPECT_TRUE(edge_costs{walking_pace{}}.allows(with(0)));
}

TEST(bridges_near, one_mark_closes_a_bridge_from_end_to_end) {
  // Two bridges of two spans each over a river; A-E is a street.
  street_graph_builder builder{{1}};
  auto const place = [](double east, double north) {
    return local_plane{{degrees{50.45}, degrees{30.52}}}.to_place({meters{east}, meters{north}});
  };
  std::int64_t key = 0;
  for (double const east : {0.0, 500.0})
    for (double const north : {0.0, 100.0, 200.0, 300.0}) builder.add_node(street_key{key++}, place(east, north));
  way_attributes bridge;
  bridge.bridge = true;
  auto const join = [&](std::int64_t a, std::int64_t b, way_attributes const& way) {
    builder.add_way({street_key{a}, street_key{b}}, way);
  };
  for (std::int64_t const side : {0, 4}) {
    join(side, side + 1, bridge);
    join(side + 1, side + 2, bridge);
    join(side + 2, side + 3, {});
  }
  join(0, 4, {});
  auto const graph = std::move(builder).build().graph;
  auto const closed = bridges_near(graph, place(10.0, 50.0), meters{30.0});
  EXPECT_EQ(closed.size(), 2U);
  for (auto const s : closed) {
    auto const forward = graph.segment(s).forward;
    EXPECT_LT(distance(graph.place(graph.source(forward)), place(0.0, 100.0)).value, 101.0);
  }
  EXPECT_TRUE(bridges_near(graph, place(250.0, 0.0), meters{30.0}).empty()) << "a street is no bridge";
  EXPECT_EQ(bridges_near(graph, place(250.0, 100.0), meters{300.0}).size(), 4U);
}

}  // namespace
}  // namespace siren
