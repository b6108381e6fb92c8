#include "guidance_bench/plain_dijkstra.h"

#include <gtest/gtest.h>

#include "core/route/ascii_streets.h"

namespace siren::bench {
namespace {

ascii_streets const& town() {
  // A to C: 200 m of steps, or 600 m by street over B and D.
  static ascii_streets const streets{{"A---B", "#   |", "C---D", "     ", "E>>>F"}};
  return streets;
}

std::uint32_t time_between(char from, char to, walking_pace const& pace, bool backwards = false) {
  return plain_dijkstra(town().graph(), edge_costs{pace}, town().node(from), backwards)[town().node(to).value];
}

/// Of one stretch of street.
std::uint32_t street_ms(double length_m) {
  return static_cast<std::uint32_t>(length_m / walking_pace{}.flat.value * 1'000.0);
}

TEST(plain_dijkstra, finds_the_quicker_way_and_takes_its_time) {
  EXPECT_NEAR(time_between('A', 'B', {}), street_ms(200.0), 400);
  EXPECT_NEAR(time_between('A', 'D', {}), street_ms(400.0), 800);
  EXPECT_NEAR(time_between('A', 'C', {}), street_ms(200.0 / walking_pace{}.steps_up), 1'000)
      << "of unknown slope, and yet quicker than the way around";
}

TEST(plain_dijkstra, wheels_go_around_steps) {
  walking_pace wheels;
  wheels.wheels = true;
  EXPECT_NEAR(time_between('A', 'C', wheels), street_ms(600.0), 1'200);
}

TEST(plain_dijkstra, one_way_and_no_way) {
  EXPECT_NE(time_between('E', 'F', {}), kNoIndex);
  EXPECT_EQ(time_between('F', 'E', {}), kNoIndex);
  EXPECT_EQ(time_between('A', 'E', {}), kNoIndex);
}

TEST(plain_dijkstra, backwards_gives_the_times_to_the_node) {
  EXPECT_EQ(time_between('F', 'E', {}, true), time_between('E', 'F', {}));
  EXPECT_EQ(time_between('C', 'A', {}, true), time_between('A', 'C', {}));
}

}  // namespace
}  // namespace siren::bench
