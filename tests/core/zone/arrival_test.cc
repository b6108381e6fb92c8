#include "core/zone/arrival.h"

#include <gtest/gtest.h>

#include <ctime>
#include <limits>
#include <random>

#include "core/zone/worlds.h"
#include "core/zone/zone_policy.h"

namespace siren {
namespace {

using test::at;
using test::flying;
using test::kEvening;
using test::kKyiv;
using test::square;

std::optional<approach> seen(track const& t, outline const& zone) {
  auto const policy = default_zone_policy();
  return flight_fan{t, traits_of(policy.traits, t.kind), policy.of(t.kind).arrival}.towards(zone);
}

double minutes_to(utc_time when) {
  return std::chrono::duration<double, std::ratio<60>>(when - kEvening).count();
}

outline city() {
  return outline{square("city", kKyiv, 10'000).shape};
}

TEST(arrival, a_drone_flying_straight_at_the_zone) {
  auto const a = seen(flying(1, threat_class::drone, at(kKyiv, 45, 64), 225, 45, kEvening), city());
  ASSERT_TRUE(a);
  // 50-54 km of border distance at 45 m/s: 19-20 min.
  EXPECT_NEAR(minutes_to(a->when.median), 19.5, 2.0);
  EXPECT_LT(minutes_to(a->when.earliest), 17.5);
  EXPECT_GT(minutes_to(a->when.latest), 21.5);
  EXPECT_GT(a->entering.value, 0.45);
  EXPECT_LE(a->entering.value, 0.85);  // some drones turn away: never certain
  EXPECT_EQ(a->from, octant::north_east);
}

TEST(arrival, the_interval_is_never_narrower_than_the_floor) {
  auto const policy = default_zone_policy();
  for (auto const kind : {threat_class::drone, threat_class::cruise_missile, threat_class::ballistic_missile}) {
    auto t = flying(1, kind, at(kKyiv, 0, 40), 180, traits_of(policy.traits, kind).typical_speed.value, kEvening);
    t.covariance = {};
    auto const a = seen(t, city());
    ASSERT_TRUE(a);
    EXPECT_GE(a->when.latest - a->when.earliest, policy.of(kind).arrival.narrowest);
    EXPECT_LE(a->when.earliest, a->when.median);
    EXPECT_LE(a->when.median, a->when.latest);
    EXPECT_GE(a->when.earliest, kEvening);
  }
}

TEST(arrival, inside_is_now_and_nearly_certain) {
  auto const a = seen(flying(1, threat_class::drone, kKyiv, 90, 45, kEvening), city());
  ASSERT_TRUE(a);
  EXPECT_EQ(a->when.earliest, kEvening);
  EXPECT_GT(a->entering.value, 0.99);
}

TEST(arrival, flying_away_leaves_only_the_share_that_turns) {
  auto const away = seen(flying(1, threat_class::drone, at(kKyiv, 0, 25), 0, 45, kEvening), city());
  ASSERT_TRUE(away);
  EXPECT_LE(away->entering.value, 0.08);
  EXPECT_FALSE(seen(flying(1, threat_class::supersonic_missile, at(kKyiv, 0, 60), 0, 900, kEvening), city()));
}

TEST(arrival, out_of_reach_within_the_horizon_is_nothing) {
  EXPECT_FALSE(seen(flying(1, threat_class::drone, at(kKyiv, 0, 420), 180, 45, kEvening), city()));
  EXPECT_FALSE(seen(flying(1, threat_class::guided_bomb, at(kKyiv, 0, 200), 180, 250, kEvening), city()));
}

TEST(arrival, an_unknown_course_of_a_ballistic_missile_rules_nothing_near_out) {
  for (double bearing = 0; bearing < 360; bearing += 20) {
    auto t = flying(1, threat_class::ballistic_missile, at(kKyiv, bearing, 120), 0, 0, kEvening);
    t.covariance[10] = t.covariance[15] = 700.0 * 700.0;
    EXPECT_TRUE(seen(t, city())) << bearing;
  }
}

TEST(arrival, a_slower_report_is_kept_within_the_class_bounds) {
  auto t = flying(1, threat_class::drone, at(kKyiv, 0, 40), 180, 1, kEvening);
  auto const a = seen(t, city());
  ASSERT_TRUE(a);
  EXPECT_LT(minutes_to(a->when.median), 30'000 / 20.0 / 60.0 + 1.0);
}

TEST(arrival, more_uncertainty_widens_the_interval) {
  auto sharp = flying(1, threat_class::drone, at(kKyiv, 0, 60), 180, 45, kEvening);
  auto vague = sharp;
  vague.covariance[0] = vague.covariance[5] = 8'000.0 * 8'000.0;
  auto const a = seen(sharp, city());
  auto const b = seen(vague, city());
  ASSERT_TRUE(a && b);
  EXPECT_GT(b->when.latest - b->when.earliest, a->when.latest - a->when.earliest);
}

TEST(arrival, the_same_track_gives_the_same_answer) {
  auto const t = flying(1, threat_class::drone, at(kKyiv, 10, 50), 200, 45, kEvening);
  EXPECT_EQ(seen(t, city()), seen(t, city()));
}

// Every update of a mass raid judges every pair: 150 tracks x 50 zones. Held to 50 ms with room for a debug build.
TEST(arrival, a_mass_raid_is_judged_in_milliseconds) {
  std::vector<outline> zones;
  for (int i = 0; i < 50; ++i) {
    polygon round;
    for (int k = 0; k < 64; ++k) round.outer.push_back(at(at(kKyiv, i * 47.0, 2.0 * i), k * 5.625, 6));
    zones.emplace_back(std::vector{round});
  }
  auto const policy = default_zone_policy();
  auto fastest = std::numeric_limits<double>::infinity();
  std::size_t found = 0;
  for (int round = 0; round < 3; ++round) {
    auto const begun = std::clock();  // processor time: other work on the machine does not count
    found = 0;
    for (std::uint64_t i = 0; i < 150; ++i) {
      auto const bearing = static_cast<double>(i % 60);
      auto const t = flying(i, threat_class::drone, at(kKyiv, bearing, 60.0 + static_cast<double>(i)), 180 + bearing,
                            45, kEvening);
      flight_fan const fan{t, traits_of(policy.traits, t.kind), policy.of(t.kind).arrival};
      for (auto const& z : zones) found += fan.towards(z) ? 1 : 0;
    }
    fastest = std::min(fastest, static_cast<double>(std::clock() - begun));
  }
  auto const ms = 1e3 * fastest / CLOCKS_PER_SEC;
  RecordProperty("pairs_ms", std::to_string(ms));
  EXPECT_GT(found, 1000U);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(ms, 50.0);
#endif
}

// Ruling zones out at a glance must lose none: whatever the full look finds likely enough, the quick one finds.
TEST(arrival, the_quick_look_finds_what_the_full_one_does) {
  auto const policy = default_zone_policy();
  std::mt19937 random{11};
  auto const pick = [&](double low, double high) { return std::uniform_real_distribution{low, high}(random); };
  std::size_t likely = 0;
  for (int i = 0; i < 4'000; ++i) {
    auto const kind = static_cast<threat_class>(i % kThreatClasses);
    auto const& rule = policy.of(kind);
    auto const& traits = traits_of(policy.traits, kind);
    outline const zone{square("z", kKyiv, pick(2'000, 40'000)).shape};
    auto const bearing = pick(0, 360);
    auto t = flying(1, kind, at(kKyiv, bearing, pick(0, 500)), bearing + 180 + pick(-60, 60),
                    pick(traits.min_speed.value, traits.max_speed.value), kEvening);
    auto const place_sigma = pick(50, 3'000);
    auto const speed_sigma = pick(0.5, 60);
    t.covariance[0] = t.covariance[5] = place_sigma * place_sigma;
    t.covariance[10] = t.covariance[15] = speed_sigma * speed_sigma;
    flight_fan const fan{t, traits, rule.arrival};
    auto full = fan.towards(zone);
    if (full && full->entering < rule.prepare.at_least) full.reset();
    likely += full ? 1 : 0;
    EXPECT_EQ(fan.towards(zone, rule.prepare.at_least, rule.arrival.horizon), full) << i << " " << name_of(kind);
  }
  EXPECT_GT(likely, 500U);
}

}  // namespace
}  // namespace siren
