// The planner's thread over a scripted registry.
#include <gmock/gmock.h>

#include "services/planner_world.h"

namespace siren::test {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

TEST_F(a_planner, plans_once_and_again_only_when_something_changed) {
  run(kOften, 1'700'000'000'000);
  ASSERT_TRUE(announces(1));
  EXPECT_THAT(open_now(), UnorderedElementsAre("west", "east"));
  ASSERT_TRUE(asks_again());
  EXPECT_THAT(announced(), ElementsAre(1'700'000'000'000));
  registry_.set(closed(east()));
  ASSERT_TRUE(announces(2));
  EXPECT_THAT(announced(), ElementsAre(1'700'000'000'000, 1'700'000'000'001));
}

TEST_F(a_planner, a_closed_shelter_shuts_within_a_poke_and_its_people_go_elsewhere) {
  auto& plans = run(kNever);
  ASSERT_TRUE(announces(1));
  registry_.set(closed(west()));
  plans.poke();
  ASSERT_TRUE(announces(2));
  EXPECT_THAT(open_now(), ElementsAre("east"));
  auto const current = shelf_.current()->plan;
  for (auto const& of_profile : current->profiles)
    for (auto const& option : of_profile.options)
      if (option.target.value != kNoIndex) {
        EXPECT_EQ(current->facts[option.target.value].shelter.value, "east");
      }
}

TEST_F(a_planner, a_change_is_seen_without_the_bus) {
  run(kOften);
  ASSERT_TRUE(announces(1));
  registry_.set(closed(east()));
  EXPECT_TRUE(opens({"west"}));
}

TEST_F(a_planner, a_silent_registry_leaves_the_plan_in_force) {
  run(kOften);
  ASSERT_TRUE(announces(1));
  auto const before = shelf_.current();
  registry_.set_silent(true);
  registry_.set(closed(west()));
  ASSERT_TRUE(asks_again());
  EXPECT_EQ(shelf_.current(), before);
  registry_.set_silent(false);
  EXPECT_TRUE(opens({"east"}));
}

TEST_F(a_planner, no_plan_before_the_registry_first_answers) {
  registry_.set_silent(true);
  run(kOften);
  ASSERT_TRUE(asks_again());
  EXPECT_EQ(shelf_.current(), nullptr);
  registry_.set_silent(false);
  EXPECT_TRUE(announces(1));
}

// People would have been sent to shelters that the restored registry knows as closed until the process was restarted.
TEST_F(a_planner, a_registry_put_back_to_an_earlier_change_is_read_anew) {
  registry_.set(closed(east()));
  registry_.set(east());
  run(kOften);
  ASSERT_TRUE(announces(1));
  registry_.put_back(open_shelter("old", drawn_.at('E')));
  EXPECT_TRUE(opens({"old"}));
}

// People would have been sent to a door that a newer registry had already locked.
TEST_F(a_planner, a_shelter_that_can_not_be_read_counts_as_closed) {
  run(kOften);
  ASSERT_TRUE(announces(1));
  registry_.garble(shelter_id{"east"});
  EXPECT_TRUE(opens({"west"}));
}

TEST_F(a_planner, closed_surface_stations_are_never_planned) {
  registry_.set(surface_station("Лівобережна", drawn_.at('W')));
  run(kNever);
  ASSERT_TRUE(announces(1));
  EXPECT_THAT(open_now(), UnorderedElementsAre("west", "east"));
}

TEST_F(a_planner, a_shelter_that_is_new_gets_walking_times_of_its_own) {
  auto& plans = run(kNever);
  ASSERT_TRUE(announces(1));
  auto const before = shelf_.current()->plan->walks;
  registry_.set(open_shelter("new", drawn_.at('E')));
  plans.poke();
  EXPECT_TRUE(opens({"east", "new", "west"}));
  EXPECT_NE(shelf_.current()->plan->walks, before);
}

TEST_F(a_planner, ice_makes_ways_longer) {
  auto& plans = run(kNever);
  ASSERT_TRUE(announces(1));
  auto const dry = shelf_.current();
  registry_.set(ground_conditions{.light = light_rule::day, .ice = true, .revision = 2});
  plans.poke();
  ASSERT_TRUE(wait_until([&] { return shelf_.current()->plan->walks != dry->plan->walks; }, kSoon));
  auto const icy = shelf_.current();
  auto const at = drawn_.node('W');
  auto const slowest = [&](auto const& published) { return published->walks->by_node[0]->at(at).back().time_ds; };
  EXPECT_GT(slowest(icy), slowest(dry));
}

TEST_F(a_planner, at_night_unlit_streets_are_slower_without_anybody_saying_so) {
  registry_.set(ground_conditions{});  // automatic; kNow is midnight in winter
  run(kNever);
  ASSERT_TRUE(announces(1));
  EXPECT_EQ(shelf_.current()->walks->walks->conditions().light, street_light::dark);
}

TEST_F(a_planner, nobody_is_planned_past_the_deadline_of_their_zone) {
  registry_.set(closed(west()));
  auto& plans = run(kNever);
  ASSERT_TRUE(announces(1));
  EXPECT_EQ(shelf_.figures()->plan.assigned, 100U) << "room for 100 of 120";
  plans.alarms_are({{zone_id{"city"}, {stage::go, false, kNow + minutes{5}}}});
  ASSERT_TRUE(wait_until([&] { return shelf_.figures()->areas_with_deadline == 1; }, kSoon));
  // 5 min less the margin, at 1.22 m/s and 0.8 of it: 263 m of the kilometre.
  auto const told = *shelf_.figures();
  EXPECT_GT(told.plan.too_late, 60U);
  EXPECT_LT(told.plan.assigned, 60U);
  EXPECT_EQ(told.plan.overload, 0U);
  EXPECT_LE(told.nearest.in_time, told.plan.assigned);
}

TEST_F(a_planner, nearest_shelters_would_overflow_where_the_plan_does_not) {
  auto small = west();
  small.capacity = 10;
  registry_.set(small);
  auto large = east();
  large.capacity = 110;
  registry_.set(large);
  run(kNever);
  ASSERT_TRUE(announces(1));
  auto const told = *shelf_.figures();
  EXPECT_EQ(told.plan.assigned, 120U);
  EXPECT_EQ(told.plan.overload, 0U);
  EXPECT_EQ(told.nearest.overfull_shelters, 1U);
  EXPECT_GT(told.nearest.over_capacity, 10U);
  EXPECT_LT(told.nearest.in_time, told.plan.assigned);
}

TEST_F(a_planner, walking_times_are_kept_and_found_again) {
  auto const folder = make_run_folder("test");
  cache_ = file_cache{folder + "/cache"};
  run(kNever);
  ASSERT_TRUE(announces(1));
  EXPECT_FALSE(shelf_.current()->walks->kept);
  auto const id = shelf_.current()->plan->walks;
  registry_.set(closed(west()));
  run(kNever);
  ASSERT_TRUE(opens({"east"}));
  EXPECT_TRUE(shelf_.current()->walks->kept);
  EXPECT_EQ(shelf_.current()->plan->walks, id);
  made_.reset();
  remove_run_folder(folder);
}

}  // namespace
}  // namespace siren::test
