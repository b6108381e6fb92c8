#include "core/geo/sun.h"

#include <gtest/gtest.h>

namespace siren {
namespace {

constexpr lat_lon kKyiv{degrees{50.45}, degrees{30.523}};
constexpr lat_lon kLondon{degrees{51.507}, degrees{-0.128}};
constexpr lat_lon kQuito{degrees{-0.18}, degrees{-78.47}};
constexpr lat_lon kTromso{degrees{69.65}, degrees{18.96}};
constexpr lat_lon kWellington{degrees{-41.29}, degrees{174.78}};

utc_time at(char const* text) {
  return *parse_utc(text);
}

/// Published times of sunrise and sunset, to the minute; two minutes away it must be on the right side.
struct almanac_row {
  char const* name;
  lat_lon place;
  char const* when;
  bool rises;
};

class sunrise_and_sunset : public ::testing::TestWithParam<almanac_row> {};

TEST_P(sunrise_and_sunset, are_within_two_minutes_of_the_almanac) {
  auto const& row = GetParam();
  EXPECT_EQ(sun_is_down(row.place, at(row.when) - minutes{2}), row.rises) << row.name;
  EXPECT_EQ(sun_is_down(row.place, at(row.when) + minutes{2}), !row.rises) << row.name;
}

INSTANTIATE_TEST_SUITE_P(
    almanac, sunrise_and_sunset,
    ::testing::Values(almanac_row{"Kyiv, midsummer, morning", kKyiv, "2026-06-21T01:46:00Z", true},
                      almanac_row{"Kyiv, midsummer, evening", kKyiv, "2026-06-21T18:13:00Z", false},
                      almanac_row{"Kyiv, midwinter, morning", kKyiv, "2025-12-21T05:56:00Z", true},
                      almanac_row{"Kyiv, midwinter, evening", kKyiv, "2025-12-21T13:56:00Z", false},
                      almanac_row{"London, midsummer", kLondon, "2026-06-21T03:43:00Z", true},
                      almanac_row{"London, midwinter", kLondon, "2025-12-21T15:53:00Z", false}));

TEST(sun, was_down_over_kyiv_all_through_the_night_of_the_raid) {
  for (auto when = at("2026-01-23T16:00:00Z"); when < at("2026-01-24T05:30:00Z"); when += minutes{10})
    EXPECT_TRUE(sun_is_down(kKyiv, when)) << format_utc(when);
  EXPECT_FALSE(sun_is_down(kKyiv, at("2026-01-24T07:00:00Z")));
}

TEST(sun, stands_overhead_at_the_equator_at_noon_of_an_equinox) {
  // Local noon at 78.47° west is 17:14 by the sun, some 7 min later by the clock in March.
  EXPECT_GT(sun_elevation(kQuito, at("2026-03-20T17:21:00Z")).value, 88.5);
  EXPECT_LT(sun_elevation(kQuito, at("2026-03-20T05:21:00Z")).value, -88.5);
}

TEST(sun, highest_elevation_is_the_latitudes_complement_and_the_suns_declination) {
  EXPECT_NEAR(sun_elevation(kKyiv, at("2026-06-21T10:00:00Z")).value, 90.0 - 50.45 + 23.44, 0.1);
  EXPECT_NEAR(sun_elevation(kKyiv, at("2025-12-21T09:56:00Z")).value, 90.0 - 50.45 - 23.44, 0.1);
}

TEST(sun, never_sets_in_the_polar_summer_and_never_rises_in_its_winter) {
  for (int hour = 0; hour < 24; ++hour) {
    EXPECT_FALSE(sun_is_down(kTromso, at("2026-06-21T00:00:00Z") + hours{hour})) << hour;
    EXPECT_TRUE(sun_is_down(kTromso, at("2025-12-21T00:00:00Z") + hours{hour})) << hour;
  }
}

TEST(sun, east_and_south_of_everything_it_is_still_day_when_it_is_day) {
  EXPECT_FALSE(sun_is_down(kWellington, at("2025-12-21T00:30:00Z")));
  EXPECT_TRUE(sun_is_down(kWellington, at("2025-12-21T12:30:00Z")));
}

}  // namespace
}  // namespace siren
