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

feed_state known(std::string const& source, source_trust trust) {
  return {source_id{source}, true, kEvening, trust};
}
track heard_by(std::vector<std::string> const& sources, std::uint64_t id = 1) {
  auto t = flying(id, threat_class::drone, at(kKyiv, 270, 20), 90, 45, kEvening);
  t.sources.clear();
  for (auto const& source : sources) t.sources.emplace_back(source);
  return t;
}

TEST(zone_picture, only_two_independent_sources_or_a_trusted_one_raise_above_what_officials_declared) {
  struct row {
    std::vector<std::string> sources;
    stage expected;
  };
  for (auto const& [sources, expected] :
       {row{{"mic_1"}, stage::all_clear}, row{{"mic_1", "mic_2"}, stage::take_cover}, row{{"radar"}, stage::take_cover},
        row{{"olena"}, stage::all_clear}, row{{"olena", "petro"}, stage::all_clear},
        row{{"mic_1", "olena"}, stage::all_clear}}) {
    desk d;
    d.take(known("radar", source_trust::trusted));
    d.take(known("mic_1", source_trust::counts));
    d.take(known("olena", source_trust::informs));
    d.take(known("petro", source_trust::informs));
    d.take(seen(heard_by(sources)));
    d.take(tick{kEvening + seconds{1}});
    EXPECT_EQ(d.shown("west").level, expected) << sources[0];
    EXPECT_EQ(d.shown("oblast").level, expected) << sources[0];
  }
}

TEST(zone_picture, what_may_not_raise_is_listed_within_the_declared_level_and_holds_nothing) {
  desk d;
  d.take(known("olena", source_trust::informs));
  d.take(seen(heard_by({"olena"})));
  d.take(official("west", true, kEvening + seconds{1}));
  auto const& west = d.shown("west");
  EXPECT_EQ(west.level, stage::go);
  ASSERT_EQ(west.threats.size(), 2U);
  EXPECT_EQ(west.threats[0].why, cause::declared);
  EXPECT_EQ(west.threats[1].why, cause::tracked);
  EXPECT_EQ(west.threats[1].asks, stage::go) << "it asks for cover; it may not";
  EXPECT_TRUE(west.threats[1].arrival);
  d.take(official("west", false, kEvening + minutes{1}));
  EXPECT_EQ(d.shown("west").level, stage::all_clear);
}

TEST(zone_picture, two_tracks_of_two_sensors_back_each_other) {
  desk d;
  d.take(seen(heard_by({"mic_1"}, 1)));
  EXPECT_EQ(d.shown("west").level, stage::all_clear);
  d.take(seen(heard_by({"mic_1"}, 2)));
  EXPECT_EQ(d.shown("west").level, stage::all_clear);
  d.take(seen(heard_by({"mic_2"}, 3)));
  EXPECT_EQ(d.shown("west").level, stage::take_cover);
}

launch_report launched(std::string const& name, threat_class kind, lat_lon from, utc_time when) {
  launch_report said;
  said.source = source_id{"radar"};
  said.native_id = name;
  said.kind = kind;
  said.from = from;
  said.at = when;
  said.trace = trace_id{"02"};
  said.received_at = wall_time{seconds{9}};
  return said;
}

TEST(zone_picture, a_launch_covers_its_whole_region_at_once_and_ends) {
  desk d;
  d.take(known("radar", source_trust::trusted));
  auto said = launched("l1", threat_class::ballistic_missile, at(kKyiv, 0, 200), kEvening);
  auto const changes = d.take(said);
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].because, (origin{trace_id{"02"}, wall_time{seconds{9}}}));
  for (auto const* id : {"west", "east"}) {
    EXPECT_EQ(d.shown(id).level, stage::take_cover);
    EXPECT_EQ(d.shown(id).threats[0].why, cause::launched);
    EXPECT_TRUE(d.shown(id).threats[0].arrival);
  }
  said.course = degrees{90};
  said.at = kEvening + seconds{10};
  d.take(said);
  EXPECT_TRUE(d.picture.launches.at({source_id{"radar"}, "l1"}).zones.empty()) << "a newer word replaces the older";
  said.over = true;
  said.at = kEvening + seconds{20};
  d.take(said);
  EXPECT_TRUE(d.picture.launches.empty());
  EXPECT_EQ(d.shown("west").level, stage::take_cover) << "salvos follow each other: it is held";
  d.take(tick{kEvening + minutes{6}});
  EXPECT_EQ(d.shown("west").level, stage::prepare);
  d.take(tick{kEvening + minutes{12}});
  EXPECT_EQ(d.shown("west").level, stage::all_clear);
}

TEST(zone_picture, launches_are_bounded_and_forgotten_when_they_must_have_come_down) {
  desk d;
  d.policy.most_launches = 3;
  for (int i = 0; i < 10; ++i)
    d.take(launched(std::to_string(i), threat_class::ballistic_missile, at(kKyiv, 0, 100), kEvening + seconds{i}));
  EXPECT_EQ(d.picture.launches.size(), 3U);
  EXPECT_EQ(d.picture.zones[zone_id{"west"}].sightings.size(), 3U);
  d.take(launched("drone", threat_class::drone, at(kKyiv, 0, 100), kEvening + seconds{20}));
  EXPECT_EQ(d.picture.launches.size(), 3U) << "drones are followed, their launches are no news";
  d.take(tick{kEvening + minutes{13}});
  EXPECT_TRUE(d.picture.launches.empty());
  EXPECT_TRUE(d.picture.zones[zone_id{"west"}].sightings.empty());
}

TEST(zone_picture, a_carriers_take_off_prepares_every_zone_until_it_is_old) {
  auto const built =
      zone_map::build({test::square("one", kKyiv, 5'000), test::square("two", at(kKyiv, 90, 300), 5'000)});
  auto const policy = default_zone_policy();
  zone_picture picture;
  auto const carrier = [](bool on, utc_time when) { return official("one", on, when, alarm_type::carrier); };
  ASSERT_EQ(apply(picture, carrier(true, kEvening), *built, policy).size(), 2U);
  EXPECT_EQ(picture.zones[zone_id{"two"}].shown.level, stage::prepare);
  EXPECT_EQ(apply(picture, carrier(false, kEvening + hours{1}), *built, policy).size(), 2U);
  EXPECT_EQ(picture.zones[zone_id{"two"}].shown.level, stage::all_clear);
  static_cast<void>(apply(picture, carrier(true, kEvening + hours{2}), *built, policy));
  static_cast<void>(apply(picture, carrier(true, kEvening + hours{5}), *built, policy));
  EXPECT_TRUE(apply(picture, tick{kEvening + hours{8}}, *built, policy).empty()) << "it was said again";
  EXPECT_EQ(apply(picture, tick{kEvening + hours{10}}, *built, policy).size(), 2U);
  EXPECT_TRUE(apply(picture, carrier(true, kEvening + hours{5}), *built, policy).empty())
      << "an old word revives it not";
  EXPECT_EQ(picture.zones[zone_id{"one"}].shown.level, stage::all_clear);
}

TEST(zone_picture, after_a_rezoning_danger_goes_on_in_the_zones_that_replace_one) {
  desk before;
  before.take(official("west", true, kEvening));
  before.take(order("olena", "west", stage::prepare, kEvening));
  before.take(seen(flying(1, threat_class::drone, at(kKyiv, 270, 20), 90, 45, kEvening)));
  ASSERT_EQ(before.shown("west").level, stage::take_cover);
  zone_memory memory;
  memory.at = kEvening + seconds{30};
  for (auto const& [id, z] : before.picture.zones) memory.shown.push_back(z.shown);
  memory.alarms = {official("west", true, kEvening)};
  memory.orders = {order("olena", "west", stage::prepare, kEvening)};

  auto west_a = test::square("west_a", at(kKyiv, 270, 8.5), 2'400, "oblast");
  auto west_b = test::square("west_b", at(kKyiv, 270, 3.5), 2'400, "oblast");
  west_a.replaces = west_b.replaces = {zone_id{"west"}};
  desk after;
  after.zones = zone_map::build({test::square("oblast", kKyiv, 20'000), west_a, west_b,
                                 test::square("east", at(kKyiv, 90, 6), 5'000, "oblast")})
                    .value();
  restore(after.picture, memory, after.zones, after.policy);
  std::map<std::string, stage> raised;
  for (auto const& change : after.take(tick{kEvening + seconds{31}})) raised[change.now.zone.value] = change.now.level;
  EXPECT_EQ(raised, (std::map<std::string, stage>{{"west_a", stage::take_cover}, {"west_b", stage::take_cover}}));
  for (auto const* id : {"west_a", "west_b"}) EXPECT_EQ(after.shown(id).threats.size(), 3U);
  after.take(tick{kEvening + minutes{40}});
  EXPECT_EQ(after.shown("west_a").level, stage::go) << "the official alarm runs";
  after.take(official("west", false, kEvening + minutes{41}));
  EXPECT_EQ(after.shown("west_a").level, stage::prepare);
  after.take(order("olena", "west", stage::all_clear, kEvening + minutes{42}));
  EXPECT_EQ(after.shown("west_a").level, stage::all_clear);
  EXPECT_EQ(after.shown("west_b").level, stage::all_clear);
}

TEST(zone_picture, a_leaf_that_got_children_hands_its_danger_down) {
  zone_memory memory;
  memory.at = kEvening;
  threat drone;
  drone.issuer_name = "siren";
  drone.kind = threat_class::drone;
  drone.asks = stage::go;
  memory.shown = {{zone_id{"oblast"}, stage::go, false, {drone}}};
  desk d;
  restore(d.picture, memory, d.zones, d.policy);
  d.take(tick{kEvening + seconds{1}});
  EXPECT_EQ(d.shown("west").level, stage::go);
  EXPECT_EQ(d.shown("east").level, stage::go);

  memory.shown[0].partly = true;
  desk parted;
  restore(parted.picture, memory, parted.zones, parted.policy);
  parted.take(tick{kEvening + seconds{1}});
  EXPECT_EQ(parted.shown("west").level, stage::all_clear) << "its children have their own memory";
}

TEST(zone_picture, a_steady_track_is_not_looked_at_every_time) {
  desk d;
  auto t = flying(1, threat_class::drone, at(kKyiv, 270, 60), 90, 45, kEvening);
  d.take(seen(t));
  auto const looked = [&] { return d.picture.tracks.at(t.id).looked->updated_at; };
  auto const move_on = [&](seconds after, double speed) {
    t = flying(1, threat_class::drone, at(at(kKyiv, 270, 60), 90, 0.045 * static_cast<double>(after.count())), 90,
               speed, kEvening + after);
    d.take(seen(t));
    return looked() == t.updated_at;
  };
  auto looks = 0;
  for (int i = 1; i <= 60; ++i) looks += move_on(seconds{i}, 45) ? 1 : 0;
  EXPECT_EQ(looks, 3);
  EXPECT_TRUE(move_on(seconds{61}, 60)) << "faster";
  t.kind = threat_class::jet_drone;
  d.take(seen(t));
  EXPECT_EQ(d.shown("west").threats[0].kind, threat_class::jet_drone) << "another class is news at once";
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

// The whole country: 1,800 zones of 20 km and 1,000 drones, each with an update a second as a tracker gives it.
TEST(zone_picture, a_country_of_1800_zones_follows_1000_tracks) {
  constexpr lat_lon kCorner{degrees{46.0}, degrees{23.5}};
  constexpr int kRounds = 30;
  std::vector<zone> hromadas;
  for (int i = 0; i < 1'800; ++i)
    hromadas.push_back(
        test::square("h" + std::to_string(i), at(at(kCorner, 0, 20.0 * (i / 60)), 90, 20.0 * (i % 60)), 9'900));
  auto const zones = zone_map::build(hromadas).value();
  auto const policy = default_zone_policy();
  std::mt19937 random{5};
  auto const pick = [&](double low, double high) { return std::uniform_real_distribution{low, high}(random); };
  struct object {
    lat_lon place;
    double course;
  };
  std::vector<object> objects;
  for (int i = 0; i < 1'000; ++i)
    objects.push_back({at(at(kCorner, 0, pick(0, 600)), 90, pick(0, 1'200)), pick(0, 360)});
  zone_picture picture;
  auto worst_ms = 0.0, all_ms = 0.0, first_ms = 0.0;
  for (int round = 0; round < kRounds; ++round) {
    auto const when = kEvening + seconds{round};
    std::vector<track_change> changes;
    for (std::size_t i = 0; i < objects.size(); ++i) {
      auto& one = objects[i];
      one.place = at(one.place, one.course, 0.045);
      changes.push_back(seen(flying(i + 1, threat_class::drone, at(one.place, pick(0, 360), 0.1),
                                    one.course + pick(-2, 2), 45 + pick(-1, 1), when)));
    }
    auto const begun = std::clock();
    for (auto const& change : changes) static_cast<void>(apply(picture, change, zones, policy));
    static_cast<void>(apply(picture, tick{when}, zones, policy));
    auto const ms = 1e3 * static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    if (round == 0) {
      first_ms = ms;
      continue;
    }
    worst_ms = std::max(worst_ms, ms);
    all_ms += ms;
  }
  RecordProperty("first_step_ms", std::to_string(first_ms));
  RecordProperty("worst_step_ms", std::to_string(worst_ms));
  RecordProperty("mean_step_ms", std::to_string(all_ms / (kRounds - 1)));
  EXPECT_GT(picture.zones.size(), 1'000U);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(all_ms / (kRounds - 1), 100.0);  // of a build that is not optimised for speed, on a machine that is busy
#endif
}

TEST(zone_picture, an_unknown_region_touches_no_zone) {
  desk d;
  EXPECT_TRUE(d.take(official("atlantis", true, kEvening)).empty());
  EXPECT_TRUE(d.take(order("olena", "atlantis", stage::go, kEvening)).empty());
}

}  // namespace
}  // namespace siren
