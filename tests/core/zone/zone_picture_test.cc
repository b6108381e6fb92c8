#include "core/zone/zone_picture.h"

#include <gtest/gtest.h>

#include <ctime>
#include <random>

#include "core/zone/worlds.h"

namespace siren {
namespace {

using test::at;
using test::flying;
using test::kEvening;
using test::kKyiv;
using test::two_raions;

struct desk {
  zone_map zones = two_raions();
  zone_policy policy = default_zone_policy();
  zone_picture picture;
  std::vector<danger_change> last;

  std::vector<danger_change> const& take(zone_event const& e) { return last = apply(picture, e, zones, policy); }
  danger const& shown(std::string const& id) { return picture.zones[zone_id{id}].shown; }
};

track_change seen(track const& t, track_end end = track_end::none) {
  return {t, end};
}
region_alarm official(std::string const& region, bool on, utc_time when, alarm_type type = alarm_type::air) {
  return {source_id{"air_force"}, "", zone_id{region}, type, on, when, world::live, trace_id{"00"},
          wall_time{seconds{7}}};
}
operator_order order(std::string const& who, std::string const& zone, stage level, utc_time when) {
  return {"r", who, zone_id{zone}, level, "", when, trace_id{"01"}};
}

TEST(zone_picture, a_tentative_track_never_raises) {
  desk d;
  auto t = flying(1, threat_class::drone, kKyiv, 0, 45, kEvening);
  t.confirmed = false;
  EXPECT_TRUE(d.take(seen(t)).empty());
  EXPECT_TRUE(d.take(tick{kEvening + minutes{5}}).empty());
}

TEST(zone_picture, stages_follow_the_earliest_arrival) {
  struct row {
    double km;
    stage expected;
  };
  for (auto const& [km, expected] : {row{150, stage::prepare}, row{60, stage::go}, row{15, stage::take_cover}}) {
    desk d;
    auto const target = at(kKyiv, 270, 6);
    d.take(seen(flying(1, threat_class::drone, at(target, 270, km), 90, 45, kEvening)));
    EXPECT_EQ(d.shown("west").level, expected) << km;
  }
}

TEST(zone_picture, missiles_that_leave_no_time_ask_for_cover_at_once) {
  for (auto const kind : {threat_class::ballistic_missile, threat_class::aeroballistic_missile,
                          threat_class::hypersonic_missile, threat_class::surface_to_air_missile}) {
    desk d;
    d.take(seen(flying(1, kind, at(kKyiv, 0, 200), 180, 1000, kEvening)));
    EXPECT_EQ(d.shown("west").level, stage::take_cover) << name_of(kind);
    EXPECT_EQ(d.shown("east").level, stage::take_cover) << name_of(kind);
  }
}

TEST(zone_picture, the_change_carries_its_origin) {
  desk d;
  auto t = flying(1, threat_class::drone, at(kKyiv, 270, 30), 90, 45, kEvening);
  t.received_at = wall_time{seconds{42}};
  auto const& changes = d.take(seen(t));
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(changes[0].because, (origin{t.trace, t.received_at}));
  d.take(tick{kEvening + minutes{10}});
  for (auto const& c : d.last) EXPECT_EQ(c.because, (origin{t.trace, std::nullopt}));
}

TEST(zone_picture, jitter_is_not_news) {
  desk d;
  std::size_t changes = 0;
  std::mt19937 random{7};
  std::normal_distribution<double> off{0.0, 0.15};
  for (int i = 0; i < 120; ++i) {
    auto const when = kEvening + seconds{i};
    auto const place = at(at(kKyiv, 270, 60.0 - 0.045 * i), 0, off(random));
    changes += d.take(seen(flying(1, threat_class::drone, place, 90 + 10 * off(random), 45, when))).size();
  }
  EXPECT_LE(changes, 6U);  // the raise of three zones, and at most one refinement each
}

TEST(zone_picture, interval_updates_keep_their_distance) {
  desk d;
  auto t = flying(1, threat_class::drone, at(kKyiv, 270, 120), 90, 45, kEvening);
  d.take(seen(t));
  std::map<zone_id, utc_time> before;
  for (int i = 1; i < 600; ++i) {
    t.updated_at = kEvening + seconds{i};
    t.velocity = {meters_per_second{i % 40 < 20 ? 79.0 : 21.0}, meters_per_second{0}};
    for (auto const& c : d.take(seen(t))) {
      if (c.before == c.now.level && before.contains(c.now.zone)) {
        EXPECT_GE(c.at - before[c.now.zone], d.policy.update_gap);
      }
      before[c.now.zone] = c.at;
    }
  }
}

TEST(zone_picture, a_lost_track_asks_on_and_then_is_let_go) {
  desk d;
  auto const t = flying(1, threat_class::drone, at(kKyiv, 270, 20), 90, 45, kEvening);
  d.take(seen(t));
  ASSERT_EQ(d.shown("west").level, stage::take_cover);
  d.take(seen(t, track_end::coasted_out));
  auto const& rule = d.policy.of(threat_class::drone);
  utc_time when = kEvening;
  while (when <= kEvening + rule.lost_hold) d.take(tick{when += seconds{10}});
  EXPECT_EQ(d.shown("west").level, stage::take_cover);
  while (when <= kEvening + rule.lost_hold + rule.lower_hold + minutes{1}) d.take(tick{when += seconds{10}});
  EXPECT_LT(d.shown("west").level, stage::take_cover);
  EXPECT_GT(d.shown("west").level, stage::all_clear);
  while (when <= kEvening + rule.lost_hold + rule.clear_hold + minutes{1}) d.take(tick{when += seconds{10}});
  EXPECT_EQ(d.shown("west").level, stage::all_clear);
  EXPECT_TRUE(d.shown("west").threats.empty());
}

TEST(zone_picture, a_silent_tracker_does_not_hold_a_zone_for_ever) {
  desk d;
  d.take(seen(flying(1, threat_class::drone, at(kKyiv, 270, 20), 90, 45, kEvening)));
  for (int i = 1; i < 240; ++i) d.take(tick{kEvening + seconds{15 * i}});
  EXPECT_EQ(d.shown("west").level, stage::all_clear);
  EXPECT_TRUE(d.picture.tracks.empty());
}

TEST(zone_picture, one_line_per_class_with_the_earliest_of_its_group) {
  desk d;
  d.take(seen(flying(1, threat_class::drone, at(kKyiv, 270, 60), 90, 45, kEvening)));
  d.take(seen(flying(2, threat_class::drone, at(kKyiv, 0, 20), 180, 45, kEvening)));
  d.take(seen(flying(3, threat_class::cruise_missile, at(kKyiv, 90, 90), 270, 230, kEvening)));
  auto const& threats = d.shown("oblast").threats;
  ASSERT_EQ(threats.size(), 2U);
  for (auto const& t : threats) {
    if (t.kind != threat_class::drone) continue;
    EXPECT_EQ(t.from, octant::north);
    EXPECT_LT(t.arrival->earliest, kEvening + minutes{5});
  }
}

TEST(zone_picture, restart_announces_nothing_and_forgets_nothing) {
  desk before;
  before.take(official("oblast", true, kEvening));
  before.take(order("olena", "east", stage::take_cover, kEvening));
  before.take(seen(flying(1, threat_class::drone, at(kKyiv, 270, 20), 90, 45, kEvening)));
  zone_memory memory;
  memory.at = kEvening + seconds{30};
  for (auto const& [id, z] : before.picture.zones) memory.shown.push_back(z.shown);
  memory.alarms = {official("oblast", true, kEvening)};
  memory.orders = {order("olena", "east", stage::take_cover, kEvening)};

  desk after;
  restore(after.picture, memory, after.zones, after.policy);
  EXPECT_TRUE(after.take(tick{kEvening + seconds{31}}).empty());
  EXPECT_EQ(after.shown("west").level, stage::take_cover);
  for (int i = 0; i < 120; ++i) after.take(tick{kEvening + seconds{40 + 10 * i}});
  EXPECT_EQ(after.shown("west").level, stage::go);
  EXPECT_EQ(after.shown("east").level, stage::take_cover);
}

// The night of 23-24 January 2026 had 375 drones; each reports every few seconds and a tick comes every second.
TEST(zone_picture, a_mass_raid_does_not_slow_the_picture_down) {
  std::vector<zone> raions;
  for (int i = 0; i < 60; ++i)
    raions.push_back(test::square("r" + std::to_string(i), at(kKyiv, i * 47.0, 2.5 * i), 6'000));
  auto const zones = zone_map::build(raions);
  ASSERT_TRUE(zones.ok());
  auto const policy = default_zone_policy();
  zone_picture picture;
  std::size_t changes = 0;
  auto const begun = std::clock();  // processor time: other work on the machine does not count
  for (int round = 0; round < 10; ++round) {
    auto const when = kEvening + seconds{5 * round};
    for (std::uint64_t i = 1; i <= 375; ++i) {
      auto const bearing = static_cast<double>(i % 90);
      auto const t = flying(i, threat_class::drone, at(kKyiv, bearing, 40.0 + static_cast<double>(i) / 3 - 0.2 * round),
                            180 + bearing, 45, when);
      changes += apply(picture, seen(t), *zones, policy).size();
    }
    changes += apply(picture, tick{when}, *zones, policy).size();
  }
  auto const us = 1e6 * static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC / 3750;
  RecordProperty("update_us", std::to_string(us));
  EXPECT_GT(changes, 30U);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(us, 1000.0);
#endif
}

TEST(zone_picture, an_unknown_region_touches_no_zone) {
  desk d;
  EXPECT_TRUE(d.take(official("atlantis", true, kEvening)).empty());
  EXPECT_TRUE(d.take(order("olena", "atlantis", stage::go, kEvening)).empty());
}

}  // namespace
}  // namespace siren
