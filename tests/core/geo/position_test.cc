#include "core/geo/position.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace siren {
namespace {

constexpr lat_lon at(double lat, double lon) {
  return {degrees{lat}, degrees{lon}};
}
constexpr lat_lon kKyiv = at(50.4501, 30.5234);

double angle_between(degrees a, degrees b) {
  return std::abs(std::remainder((a - b).value, 360.0));
}

struct known_distance {
  lat_lon from;
  lat_lon to;
  double meters;
  double course;
};

class measures : public testing::TestWithParam<known_distance> {};

TEST_P(measures, distance_and_course) {
  auto const& row = GetParam();
  EXPECT_NEAR(distance(row.from, row.to).value, row.meters, 1.0);
  EXPECT_NEAR(distance(row.to, row.from).value, row.meters, 1.0);
  EXPECT_LT(angle_between(course(row.from, row.to), degrees{row.course}), 1e-6);
}

// A degree of the mean sphere is 111,195.08 m.
INSTANTIATE_TEST_SUITE_P(table, measures,
                         testing::Values(known_distance{at(50, 30), at(51, 30), 111'195.08, 0.0},
                                         known_distance{at(51, 30), at(50, 30), 111'195.08, 180.0},
                                         known_distance{at(0, 30), at(0, 31), 111'195.08, 90.0},
                                         known_distance{at(0, 31), at(0, 30), 111'195.08, 270.0},
                                         known_distance{at(0, 179.5), at(0, -179.5), 111'195.08, 90.0},
                                         known_distance{at(50, 30), at(50, 30), 0.0, 0.0},
                                         known_distance{at(0, 0), at(90, 0), 10'007'557.18, 0.0},
                                         known_distance{at(0, 0), at(0, 180), 20'015'114.35, 90.0}));

TEST(positions, off_the_earth_are_known) {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  double const infinity = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(on_earth(kKyiv));
  EXPECT_TRUE(on_earth(at(-90, 180)));
  for (lat_lon const place : {at(90.001, 0), at(-91, 0), at(0, 180.001), at(0, -181), at(nan, 0), at(0, nan),
                              at(infinity, 0), at(0, -infinity)})
    EXPECT_FALSE(on_earth(place)) << place.lat.value << " " << place.lon.value;
}

TEST(positions, in_a_box_include_its_edges) {
  lat_lon_box const box{at(43, 20), at(57, 50)};
  for (lat_lon const place : {kKyiv, at(43, 20), at(57, 50), at(43, 50)}) EXPECT_TRUE(box.contains(place));
  for (lat_lon const place : {at(42.9, 30), at(57.1, 30), at(50, 19.9), at(50, 50.1)})
    EXPECT_FALSE(box.contains(place));
}

class any_place : public testing::Test {
 protected:
  double within(double low, double high) { return std::uniform_real_distribution<double>{low, high}(random_); }
  std::mt19937_64 random_{7};
};

TEST_F(any_place, is_reached_by_its_course_and_distance) {
  for (int round = 0; round < 2000; ++round) {
    lat_lon const from = at(within(-80, 80), within(-180, 180));
    degrees const heading{within(0, 360)};
    meters const far{within(1, 3'000'000)};
    lat_lon const to = destination(from, heading, far);
    ASSERT_TRUE(on_earth(to));
    ASSERT_NEAR(distance(from, to).value, far.value, 0.01);
    degrees const back = course(from, to);
    ASSERT_GE(back.value, 0.0);
    ASSERT_LT(back.value, 360.0);
    if (far.value > 1000.0 && std::abs(to.lat.value) < 89.0) {
      ASSERT_LT(angle_between(back, heading), 1e-5);
    }
  }
}

TEST_F(any_place, survives_the_plane_and_back) {
  for (int round = 0; round < 2000; ++round) {
    local_plane const plane{at(within(-70, 70), within(-180, 180))};
    plane_point const point{meters{within(-300'000, 300'000)}, meters{within(-300'000, 300'000)}};
    plane_point const back = plane.to_plane(plane.to_place(point));
    ASSERT_NEAR(back.east.value, point.east.value, 1e-4);
    ASSERT_NEAR(back.north.value, point.north.value, 1e-4);
  }
}

TEST_F(any_place, within_300_km_has_its_distance_in_the_plane_within_2_in_1000) {
  for (int round = 0; round < 5000; ++round) {
    lat_lon const origin = at(within(-60, 60), within(-180, 180));
    meters const far{within(10, 300'000)};
    plane_point const point = local_plane{origin}.to_plane(destination(origin, degrees{within(0, 360)}, far));
    ASSERT_NEAR(std::hypot(point.east.value, point.north.value) / far.value, 1.0, 0.002) << origin.lat.value;
  }
}

}  // namespace
}  // namespace siren
