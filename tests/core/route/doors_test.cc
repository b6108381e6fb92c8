#include "core/route/doors.h"

#include <gtest/gtest.h>

#include "core/route/ascii_streets.h"

namespace siren {
namespace {

ascii_streets const& town() {
  static ascii_streets const streets{{"A---B---C"}};
  return streets;
}

lat_lon north_of(char letter, double how_far_m) {
  return destination(town().at(letter), degrees{0.0}, meters{how_far_m});
}

placed_doors place(std::vector<shelter> const& shelters) {
  snap_index const snap{town().graph()};
  return place_doors(snap, shelters, metro_state{}, walking_policy{});
}

anchor const& door(placed_doors const& all, gait g, std::size_t i) {
  return all.doors[static_cast<std::size_t>(g)].at(i);
}

TEST(doors, every_shelter_is_a_target_usable_or_not) {
  auto closed = open_shelter("closed", town().at('A'));
  closed.state = open_state::closed;
  auto const made = place({closed, open_shelter("far", north_of('B', 150.0)), open_shelter("near", town().at('C'))});
  EXPECT_EQ(made.first_door, (std::vector<std::uint32_t>{0, 1, 2, 3}));
  EXPECT_NE(door(made, gait::foot, 0).edge.value, kNoIndex);
  EXPECT_EQ(door(made, gait::foot, 1).edge.value, kNoIndex);
  EXPECT_EQ(made.far_from_street, 1U);
}

TEST(doors, wheels_need_a_step_free_entrance_of_a_step_free_shelter_near_the_street) {
  auto mixed = open_shelter("mixed", town().at('B'));
  mixed.entrances = {{"stairs", town().at('B'), false}, {"ramp", town().at('B'), true}};
  auto stairs_inside = open_shelter("stairs inside", town().at('B'));
  stairs_inside.step_free = false;
  auto const made = place({mixed, stairs_inside, open_shelter("off the street", north_of('B', 70.0))});
  EXPECT_EQ(made.first_door, (std::vector<std::uint32_t>{0, 2, 3, 4}));
  EXPECT_EQ(door(made, gait::wheels, 0).edge.value, kNoIndex);
  EXPECT_NE(door(made, gait::wheels, 1).edge.value, kNoIndex);
  EXPECT_EQ(door(made, gait::wheels, 2).edge.value, kNoIndex);
  EXPECT_EQ(door(made, gait::wheels, 3).edge.value, kNoIndex);
  EXPECT_NE(door(made, gait::foot, 3).edge.value, kNoIndex);
  EXPECT_EQ(made.not_for_wheels, 3U);
}

TEST(doors, the_way_down_counts_and_takes_wheels_longer) {
  auto station = open_shelter("station", town().at('B'));
  station.type = shelter_type::metro_station;
  station.role = metro_role::shelter_only;
  auto const made = place({station});
  auto const inside = inside_seconds(station, metro_role::shelter_only);
  EXPECT_GT(inside.count(), 0);
  EXPECT_EQ(door(made, gait::foot, 0).inside_ms, milliseconds{inside}.count());
  EXPECT_GT(door(made, gait::wheels, 0).inside_ms, door(made, gait::foot, 0).inside_ms);
}

}  // namespace
}  // namespace siren
