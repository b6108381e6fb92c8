#include <gtest/gtest.h>

#include "guidance_bench/rush.h"

namespace siren::bench {
namespace {

/// Lists of (target, cost) pairs, one lot a list.
assignment_problem rush_of(std::vector<std::vector<target_choice>> const& lists, std::vector<std::uint32_t> people,
                           std::vector<std::uint32_t> room) {
  assignment_problem rush;
  rush.first_choice.push_back(0);
  for (std::uint32_t i = 0; i < lists.size(); ++i) {
    rush.choices.insert(rush.choices.end(), lists[i].begin(), lists[i].end());
    rush.first_choice.push_back(static_cast<std::uint32_t>(rush.choices.size()));
    rush.lots.push_back({.list = i, .people = people[i]});
  }
  for (auto const r : room) rush.targets.push_back({.room = r});
  return rush;
}

target_choice to(std::uint32_t target, std::uint32_t cost_ds) {
  return {{target}, cost_ds};
}

TEST(guidance_baselines, nearest_ignores_room_and_skips_closed_targets) {
  auto const rush = rush_of({{to(0, 100), to(1, 300)}, {to(2, 50), to(1, 200)}}, {10, 4}, {3, 20, 0});
  auto const told = judge_rush(rush, send_to_nearest(rush));
  EXPECT_EQ(told.sent, 14U);
  EXPECT_EQ(told.overload, 7U) << "10 people to a place for 3";
  EXPECT_EQ(told.covered, 7U) << "3 of the first and 4 who pass by the closed one";
  EXPECT_DOUBLE_EQ(told.mean_walk_s, (3 * 10.0 + 4 * 20.0) / 7);
}

TEST(guidance_baselines, greedy_fills_the_shortest_ways_first_and_never_overfills) {
  // The second place is nearer to target 0; the first must go on to target 1, and two have no room.
  auto const rush = rush_of({{to(0, 100), to(1, 300)}, {to(0, 50)}}, {10, 4}, {6, 6});
  auto const told = judge_rush(rush, send_greedily(rush));
  EXPECT_EQ(told.overload, 0U);
  EXPECT_EQ(told.sent, 12U);
  EXPECT_DOUBLE_EQ(told.objective_s, 4 * 5.0 + 2 * 10.0 + 6 * 30.0 + 2 * 1'800.0);
}

TEST(guidance_baselines, greedy_is_worse_than_the_best_where_the_near_one_could_step_aside) {
  // The best sends the first place on (10 more) so that the second need not take its far way (1,000 more).
  auto const rush = rush_of({{to(0, 100), to(1, 110)}, {to(0, 101), to(1, 1'101)}}, {1, 1}, {1, 1});
  EXPECT_DOUBLE_EQ(judge_rush(rush, send_greedily(rush)).objective_s, 10.0 + 110.1);
  EXPECT_DOUBLE_EQ(judge_rush(rush, {{0, 1, 1}, {1, 2, 1}}).objective_s, 11.0 + 10.1);
}

TEST(guidance_baselines, late_people_are_not_covered_and_those_who_come_first_get_in) {
  auto rush = rush_of({{to(0, 100)}, {to(0, 200)}, {to(0, 300)}}, {5, 5, 5}, {12});
  for (auto& lot : rush.lots) lot.budget_ds = 250;
  auto const told = judge_rush(rush, send_to_nearest(rush));
  EXPECT_EQ(told.late, 5U);
  EXPECT_EQ(told.overload, 3U);
  EXPECT_EQ(told.covered, 10U);
}

TEST(guidance_baselines, pace_and_needs_of_a_lot_hold) {
  auto rush = rush_of({{to(0, 100), to(1, 101)}}, {1}, {5, 5});
  rush.lots[0].needs = 1;
  rush.lots[0].pace = kPaceOne + kPaceOne / 2;
  rush.targets[1].offers = 1;
  auto const sent = send_to_nearest(rush);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].choice, 1U);
  EXPECT_EQ(walk_ds(rush, rush.lots[0], 1), 152U) << "151.5, rounded up";
  EXPECT_EQ(walk_ds(rush, rush.lots[0], 0), std::nullopt);
}

TEST(guidance_baselines, handicaps_count_in_the_objective_and_not_as_walking) {
  auto rush = rush_of({{to(0, 100)}}, {2}, {2});
  rush.targets[0].handicap_ds = 50;
  auto const told = judge_rush(rush, {{0, 0, 2}});
  EXPECT_DOUBLE_EQ(told.objective_s, 30.0);
  EXPECT_DOUBLE_EQ(told.mean_walk_s, 10.0);
}

TEST(guidance_baselines, places_without_ways_and_without_people_send_nobody) {
  auto const rush = rush_of({{}, {to(0, 10)}}, {5, 0}, {9});
  EXPECT_TRUE(send_to_nearest(rush).empty());
  EXPECT_TRUE(send_greedily(rush).empty());
  auto const told = judge_rush(rush, {});
  EXPECT_EQ(told.covered, 0U);
  EXPECT_DOUBLE_EQ(told.objective_s, 5 * 1'800.0);
}

}  // namespace
}  // namespace siren::bench
