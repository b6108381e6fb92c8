#include "core/zone/plausible_region.h"

#include <gtest/gtest.h>

#include "core/zone/worlds.h"
#include "core/zone/zone_policy.h"

namespace siren {
namespace {

using test::at;
using test::flying;
using test::kEvening;
using test::kKyiv;
using test::square;

class launches : public testing::Test {
 protected:
  std::optional<approach> seen(std::optional<degrees> course, outline const& zone) const {
    launch_report said;
    said.kind = kind_;
    said.from = kKyiv;
    said.course = course;
    said.at = kEvening;
    return plausible_region{said, traits_of(policy_.traits, kind_), rule()}.towards(zone);
  }
  [[nodiscard]] region_rule const& rule() const { return policy_.of(kind_).region; }
  static outline zone_at(double course_deg, double km) {
    return outline{square("z", at(kKyiv, course_deg, km), 10'000).shape};
  }

  threat_class kind_ = threat_class::ballistic_missile;
  zone_policy policy_ = default_zone_policy();
};

TEST_F(launches, without_a_course_every_direction_within_reach_belongs_to_it) {
  for (auto const bearing : {0.0, 77.0, 190.0, 359.0}) {
    EXPECT_TRUE(seen({}, zone_at(bearing, 300))) << bearing;
    EXPECT_TRUE(seen({}, zone_at(bearing, 509))) << "the zone's near edge is within reach";
    EXPECT_FALSE(seen({}, zone_at(bearing, 530))) << bearing;
  }
}

TEST_F(launches, with_a_course_the_cone_and_zones_at_its_edge) {
  EXPECT_TRUE(seen(degrees{90}, zone_at(90, 300)));
  EXPECT_TRUE(seen(degrees{90}, zone_at(66, 300)));
  EXPECT_TRUE(seen(degrees{90}, zone_at(63.5, 300))) << "its middle is outside, its corner is not";
  EXPECT_FALSE(seen(degrees{90}, zone_at(60, 300)));
  EXPECT_FALSE(seen(degrees{90}, zone_at(270, 300)));
  EXPECT_TRUE(seen(degrees{355}, zone_at(10, 300))) << "across north";
  EXPECT_TRUE(seen(degrees{90}, zone_at(270, 5))) << "launched inside it";
}

TEST_F(launches, the_interval_goes_from_the_fastest_to_the_near_edge_to_the_slowest_to_the_far_one) {
  auto const found = seen({}, zone_at(180, 300));
  ASSERT_TRUE(found);
  auto const& traits = traits_of(policy_.traits, kind_);
  auto const half_diagonal = 14'142.0;
  auto const seconds_to = [](utc_time when) { return std::chrono::duration<double>(when - kEvening).count(); };
  EXPECT_NEAR(seconds_to(found->when.earliest), (300e3 - half_diagonal) / traits.max_speed.value, 2);
  EXPECT_NEAR(seconds_to(found->when.median), 300e3 / traits.typical_speed.value, 2);
  EXPECT_LE(found->when.latest, kEvening + rule().lasts);
  EXPECT_EQ(found->entering.value, 0.0) << "a lower bound: nothing says that it comes here";
  EXPECT_EQ(found->from, octant::north);
}

TEST_F(launches, a_track_of_known_course_is_a_fans_business) {
  auto const& traits = traits_of(policy_.traits, kind_);
  auto t = flying(1, kind_, kKyiv, 90, 1'000, kEvening);
  EXPECT_FALSE(plausible_region::around(t, traits, rule()));
  t.covariance[10] = t.covariance[15] = 1'000.0 * 1'000.0;
  auto const around = plausible_region::around(t, traits, rule());
  ASSERT_TRUE(around);
  EXPECT_TRUE(around->towards(zone_at(270, 200))) << "a speed that was not measured rules nothing out";
  auto slow = flying(1, threat_class::drone, kKyiv, 90, 45, kEvening);
  slow.covariance[10] = slow.covariance[15] = 45.0 * 45.0;
  EXPECT_FALSE(plausible_region::around(slow, traits, policy_.of(threat_class::drone).region)) << "followed";
}

}  // namespace
}  // namespace siren
