#include "core/route/walking.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

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

/// Two bridges of two spans each over a river, 500 m apart; a sidewalk of its own beside the western one, joined to it
/// by nothing but the banks; banks are streets. A footbridge crosses above the western bridge.
class two_bridges : public ::testing::Test {
 protected:
  void SetUp() override {
    add_line({{0, 0}, {0, 100}, {0, 200}}, bridge("Міст Патона", "Paton Bridge"));
    add_line({{500, 0}, {500, 100}, {500, 200}}, bridge("Міст Метро", "Metro Bridge"));
    add_line({{12, 5}, {12, 100}, {12, 195}}, bridge("", ""));
    add_line({{-80, 100}, {-1, 101}, {80, 100}}, bridge("", ""));
    add_line({{0, 0}, {500, 0}}, {});
    add_line({{0, 200}, {500, 200}}, {});
    add_line({{0, 0}, {12, 5}}, {});
    add_line({{0, 200}, {12, 195}}, {});
    graph_.emplace(std::move(builder_).build().graph);
  }
  static lat_lon place(double east, double north) {
    return local_plane{{degrees{50.45}, degrees{30.52}}}.to_place({meters{east}, meters{north}});
  }
  /// East of each segment's middle, in order, rounded.
  std::vector<long> middles(std::vector<segment_index> const& segments) const {
    std::vector<long> east;
    for (auto const s : segments) {
      auto const forward = graph_->segment(s).forward;
      local_plane const plane{{degrees{50.45}, degrees{30.52}}};
      auto const a = plane.to_plane(graph_->place(graph_->source(forward)));
      auto const b = plane.to_plane(graph_->place(graph_->edge(forward).target()));
      east.push_back(std::lround(0.5 * (a.east + b.east).value));
    }
    std::sort(east.begin(), east.end());
    return east;
  }
  std::optional<street_graph> graph_;

 private:
  static way_attributes bridge(char const* name, char const* latin) {
    way_attributes way;
    way.bridge = true;
    way.name = name;
    way.name_latin = latin;
    return way;
  }
  void add_line(std::vector<std::pair<int, int>> const& points, way_attributes const& way) {
    std::vector<street_key> keys;
    for (auto const& [east, north] : points) {
      keys.emplace_back((east + 1'000) * 10'000 + north);
      builder_.add_node(keys.back(), place(east, north));
    }
    for (std::size_t i = 1; i < keys.size(); ++i) builder_.add_way({keys[i - 1], keys[i]}, way);
  }
  street_graph_builder builder_{{1}};
};

TEST_F(two_bridges, one_mark_closes_a_bridge_from_end_to_end) {
  EXPECT_EQ(middles(bridges_near(*graph_, place(495.0, 50.0), meters{30.0})), (std::vector<long>{500, 500}));
  EXPECT_TRUE(bridges_near(*graph_, place(250.0, 0.0), meters{30.0}).empty()) << "a street is no bridge";
  EXPECT_EQ(bridges_near(*graph_, place(250.0, 100.0), meters{300.0}).size(), 8U);
}

// A bridge shut by its name whose sidewalk, mapped without one, stayed open would lead people onto it.
TEST_F(two_bridges, a_name_closes_the_sidewalks_too) {
  std::vector<long> const paton{0, 0, 12, 12};
  EXPECT_EQ(middles(bridges_named(*graph_, "Міст Патона", meters{30.0})), paton);
  EXPECT_EQ(middles(bridges_named(*graph_, "Paton Bridge", meters{30.0})), paton);
  EXPECT_EQ(bridges_named(*graph_, "Metro Bridge", meters{30.0}).size(), 2U);
  EXPECT_TRUE(bridges_named(*graph_, "Brooklyn Bridge", meters{30.0}).empty());
  EXPECT_TRUE(bridges_named(*graph_, "", meters{30.0}).empty());
}

}  // namespace
}  // namespace siren
