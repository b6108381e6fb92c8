#include "core/base/time.h"

#include <gtest/gtest.h>

#include <random>

namespace siren {
namespace {

struct good_time {
  char const* text;
  std::int64_t microseconds_since_1970;
};

class reads_times : public testing::TestWithParam<good_time> {};

TEST_P(reads_times, to_the_microsecond) {
  auto const at = parse_utc(GetParam().text);
  ASSERT_TRUE(at.ok()) << at.error().message;
  EXPECT_EQ(at->time_since_epoch().count(), GetParam().microseconds_since_1970);
}

INSTANTIATE_TEST_SUITE_P(table, reads_times,
                         testing::Values(good_time{"1970-01-01T00:00:00Z", 0}, good_time{"1970-01-01t00:00:00z", 0},
                                         good_time{"1970-01-01T00:00:00.000001Z", 1},
                                         good_time{"1970-01-01T00:00:00.1Z", 100'000},
                                         good_time{"1970-01-01T00:00:00.123456789Z", 123'456},
                                         good_time{"1969-12-31T23:59:59.5Z", -500'000},
                                         good_time{"2026-01-23T18:00:00Z", 1'769'191'200'000'000},
                                         good_time{"2026-01-23T20:00:00+02:00", 1'769'191'200'000'000},
                                         good_time{"2026-01-23T12:30:00-05:30", 1'769'191'200'000'000},
                                         good_time{"2026-01-23T18:00:00-00:00", 1'769'191'200'000'000},
                                         good_time{"2024-02-29T00:00:00Z", 1'709'164'800'000'000},
                                         good_time{"2000-02-29T23:59:59Z", 951'868'799'000'000},
                                         good_time{"0000-01-01T00:00:00Z", -62'167'219'200'000'000},
                                         good_time{"9999-12-31T23:59:59.999999Z", 253'402'300'799'999'999}));

class refuses_times : public testing::TestWithParam<char const*> {};

TEST_P(refuses_times, as_malformed) {
  auto const at = parse_utc(GetParam());
  ASSERT_FALSE(at.ok());
  EXPECT_EQ(at.error().why, reason::malformed);
}

INSTANTIATE_TEST_SUITE_P(table, refuses_times,
                         testing::Values("", "now", "2026", "2026-01-23", "2026-01-23T18:00Z", "2026-01-23T18:00:00",
                                         "2026-01-23 18:00:00Z", "2026-1-23T18:00:00Z", "2026-01-23T18:00:00.Z",
                                         "2026-01-23T18:00:00.1234567890Z", "2026-01-23T18:00:00,5Z",
                                         "2026-01-23T24:00:00Z", "2026-01-23T18:60:00Z", "2026-01-23T18:00:60Z",
                                         "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
                                         "2026-04-31T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
                                         "2026-01-23T18:00:00+2:00", "2026-01-23T18:00:00+24:00",
                                         "2026-01-23T18:00:00+02:60", "2026-01-23T18:00:00+0200",
                                         "2026-01-23T18:00:00ZZ", " 2026-01-23T18:00:00Z", "2026-01-23T18:00:00Z ",
                                         "+026-01-23T18:00:00Z", "2026-01--3T18:00:00Z", "-2026-01-23T18:00:00Z"));

TEST(writes_times, in_utc_with_milliseconds) {
  EXPECT_EQ(format_utc(utc_time{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_utc(utc_time{microseconds{-1}}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_utc(utc_time{microseconds{1'769'191'200'001'999}}), "2026-01-23T18:00:00.001Z");
}

TEST(writes_times, that_are_read_back) {
  std::mt19937_64 random{20260123};
  std::uniform_int_distribution<std::int64_t> any{-62'167'219'200'000, 253'402'300'799'999};
  for (int round = 0; round < 2000; ++round) {
    utc_time const at{milliseconds{any(random)}};
    auto const back = parse_utc(format_utc(at));
    ASSERT_TRUE(back.ok()) << format_utc(at);
    ASSERT_EQ(*back, at);
  }
}

}  // namespace
}  // namespace siren
