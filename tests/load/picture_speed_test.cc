#include <gtest/gtest.h>

#include <set>

#include "picture_speed/step_cost.h"

namespace siren::picture_speed {
namespace {

sky_plan small_sky() {
  sky_plan plan;
  plan.objects = 40;
  plan.reports_per_second = 400;
  plan.clutter_per_second = 2;
  return plan;
}

TEST(full_sky, reports_as_often_as_it_was_told_and_the_same_again) {
  full_sky sky{small_sky()};
  full_sky again{small_sky()};
  std::size_t reports = 0;
  std::set<std::string> sources;
  for (int second = 0; second < 20; ++second) {
    auto const now = utc_time{seconds{1'800'000'000 + second}};
    auto const told = sky.reports_of(now);
    auto const same = again.reports_of(now);
    ASSERT_EQ(told.size(), same.size());
    for (std::size_t i = 0; i < told.size(); ++i) EXPECT_EQ(told[i].position, same[i].position);
    reports += told.size();
    for (auto const& one : told) sources.insert(one.source.value);
  }
  EXPECT_NEAR(static_cast<double>(reports), 20 * 402, 100);
  EXPECT_EQ(sources.size(), 5U);
}

TEST(step_cost, a_step_is_measured_and_every_object_tracked) {
  auto const zones = zone_map::build(full_country());
  ASSERT_TRUE(zones.ok());
  EXPECT_GE(zones->leaves().size(), 1'790U);
  auto const cost = measure(small_sky(), *zones, 10);
  ASSERT_EQ(cost.whole_ms.size(), 10U);
  EXPECT_NEAR(static_cast<double>(cost.confirmed), 40.0, 8.0);
  EXPECT_GT(cost.sightings, 40U);
  EXPECT_GT(cost.memory_at_end, 1.0);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(cost.whole_ms[i], cost.tracks_ms[i] + cost.zones_ms[i], 1e-6);
}

}  // namespace
}  // namespace siren::picture_speed
