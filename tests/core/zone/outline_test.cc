#include "core/zone/outline.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/zone/danger.h"
#include "core/zone/worlds.h"

namespace siren {
namespace {

using test::at;
using test::kKyiv;
using test::square;

outline::direction heading(double true_course, outline::view const& seen) {
  auto const c = to_radians(degrees{true_course + seen.turn.value});
  return {std::sin(c), std::cos(c)};
}

TEST(outline, entry_is_the_distance_to_the_border_ahead) {
  outline const city{square("city", kKyiv, 5'000).shape};
  auto const from_north = city.seen_from(at(kKyiv, 0, 40));
  auto const ahead = city.entry(from_north.place, heading(180, from_north));
  ASSERT_TRUE(ahead);
  EXPECT_NEAR(ahead->value, 35'000, 150);
  EXPECT_FALSE(city.entry(from_north.place, heading(0, from_north)));
  EXPECT_FALSE(city.entry(from_north.place, heading(195, from_north)));
  auto const inside = city.seen_from(at(kKyiv, 45, 3));
  EXPECT_EQ(city.entry(inside.place, heading(77, inside)), meters{0});
}

TEST(outline, a_far_course_along_the_great_circle_hits_the_middle) {
  outline const city{square("city", kKyiv, 5'000).shape};
  for (double bearing = 0; bearing < 360; bearing += 30) {
    auto const place = at(kKyiv, bearing, 700);
    auto const seen = city.seen_from(place);
    auto const ahead = city.entry(seen.place, heading(course(place, kKyiv).value, seen));
    ASSERT_TRUE(ahead) << bearing;
    EXPECT_NEAR(ahead->value, 694'000, 2'000) << bearing;
  }
}

TEST(outline, thousands_of_vertices_become_few_and_keep_the_shape) {
  polygon round;
  for (int i = 0; i < 5000; ++i) {
    auto const wave = 20.0 + 0.2 * std::sin(i * 0.9);
    round.outer.push_back(at(kKyiv, i * 360.0 / 5000, wave));
  }
  outline const city{{round}};
  EXPECT_LE(city.edges().size(), outline::kMostVertices);
  EXPECT_LE(city.tolerance(), meters{1'000});
  EXPECT_NEAR(city.radius().value, 20'200, 150);
  EXPECT_NEAR(city.area().value, std::numbers::pi * 20e3 * 20e3, 0.03 * std::numbers::pi * 20e3 * 20e3);
}

TEST(octants, eight_winds_with_their_borders) {
  EXPECT_EQ(octant_of(degrees{0}), octant::north);
  EXPECT_EQ(octant_of(degrees{22.4}), octant::north);
  EXPECT_EQ(octant_of(degrees{22.6}), octant::north_east);
  EXPECT_EQ(octant_of(degrees{180}), octant::south);
  EXPECT_EQ(octant_of(degrees{315}), octant::north_west);
  EXPECT_EQ(octant_of(degrees{359.9}), octant::north);
  EXPECT_EQ(octant_of(degrees{-90}), octant::west);
}

}  // namespace
}  // namespace siren
