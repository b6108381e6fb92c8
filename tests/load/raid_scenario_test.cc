#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/track/intake.h"
#include "raid_scenario/raid_sensors.h"
#include "raid_scenario/zone_sets.h"

namespace siren::raids {
namespace {

double apart(plane_point a, plane_point b) {
  return std::hypot((a.east - b.east).value, (a.north - b.north).value);
}

double since(raid_plan const& plan, utc_time at) {
  return std::chrono::duration<double>(at - plan.begins).count();
}

raid_plan plan_of(std::uint64_t seed) {
  raid_plan plan;
  plan.seed = seed;
  return plan;
}

sensor const& named(std::vector<sensor> const& all, std::string const& name) {
  return *std::find_if(all.begin(), all.end(), [&](sensor const& one) { return one.name == name; });
}

/// A radar without the errors that a test doesn't ask for.
sensor plain_radar() {
  sensor radar;
  radar.name = "radar";
  radar.reach = meters{500e3};
  radar.position_sigma = meters{200};
  radar.miss = 0.0;
  return radar;
}

/// Drones in straight waves only: enough looks for a rate.
std::vector<true_object> drones(std::uint64_t seed) {
  auto plan = plan_of(seed);
  plan.cruise_missiles = plan.supersonic_missiles = plan.ballistic_missiles = 0;
  plan.decoys = 0;
  return make_truth(plan);
}

TEST(raid_truth, is_what_the_plan_asks_for) {
  auto const plan = plan_of(3);
  auto const truth = make_truth(plan);
  ASSERT_EQ(truth.size(), 110U);
  std::map<threat_class, int> kinds;
  int decoys = 0;
  std::map<std::uint32_t, int> groups;
  for (auto const& one : truth) {
    ++kinds[one.kind];
    decoys += one.decoy ? 1 : 0;
    ++groups[one.group];
    ASSERT_FALSE(one.path.empty());
    EXPECT_LE(one.end_second(), plan.length.count());
  }
  EXPECT_EQ(kinds[threat_class::drone], 100);
  EXPECT_EQ(kinds[threat_class::cruise_missile], 6);
  EXPECT_EQ(kinds[threat_class::supersonic_missile], 1);
  EXPECT_EQ(kinds[threat_class::ballistic_missile], 3);
  EXPECT_EQ(decoys, 15);
  EXPECT_EQ(groups[1], 8);
  EXPECT_EQ(groups[2], 8);
}

TEST(raid_truth, moves_as_its_velocity_says_and_no_faster_than_its_class) {
  for (auto const& one : make_truth(plan_of(5))) {
    auto const& traits = traits_of(kDefaultClassTable, one.kind);
    for (std::size_t i = 1; i < one.path.size(); ++i) {
      auto const& before = one.path[i - 1];
      auto const moved = apart(before.place, one.path[i].place);
      EXPECT_LE(moved, traits.max_speed.value * 1.01);
      EXPECT_NEAR((one.path[i].place.east - before.place.east).value, before.velocity.east.value, 1e-6);
      EXPECT_NEAR((one.path[i].place.north - before.place.north).value, before.velocity.north.value, 1e-6);
    }
  }
}

// A short raid asked for a drone's place before its launch.
TEST(raid_truth, of_a_short_raid_has_only_what_flies_in_it) {
  auto plan = plan_of(4);
  plan.length = seconds{700};
  auto const truth = make_truth(plan);
  EXPECT_LT(truth.size(), 110U);
  for (auto const& one : truth) {
    ASSERT_FALSE(one.path.empty());
    EXPECT_LE(one.end_second(), 700);
  }
  EXPECT_FALSE(make_reports(truth, five_sensors(4), plan).empty());
}

TEST(raid_truth, swarms_cross) {
  int met = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    auto const truth = make_truth(plan_of(seed));
    double nearest = 1e9;
    for (auto const& a : truth)
      for (auto const& b : truth) {
        if (a.group != 1 || b.group != 2) continue;
        for (auto second = std::max(a.first_second, b.first_second); second <= std::min(a.end_second(), b.end_second());
             second += 5)
          nearest = std::min(nearest,
                             apart(a.at(static_cast<double>(second)).place, b.at(static_cast<double>(second)).place));
      }
    met += nearest < 1'000.0 ? 1 : 0;
  }
  EXPECT_GE(met, 8);  // some are shot down on the way in
}

TEST(raid_reports, are_the_same_for_the_same_seed_and_no_other) {
  auto const make = [](std::uint64_t seed) {
    auto const plan = plan_of(seed);
    return make_reports(make_truth(plan), five_sensors(seed), plan);
  };
  auto const one = make(8);
  auto const again = make(8);
  auto const other = make(9);
  ASSERT_EQ(one.size(), again.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    ASSERT_EQ(one[i].arrives, again[i].arrives);
    ASSERT_EQ(one[i].seen.position, again[i].seen.position);
    ASSERT_EQ(one[i].seen.source, again[i].seen.source);
  }
  EXPECT_NE(one.size(), other.size());
  EXPECT_TRUE(
      std::is_sorted(one.begin(), one.end(), [](auto const& a, auto const& b) { return a.arrives < b.arrives; }));
}

TEST(raid_reports, miss_and_scatter_as_often_as_the_sensor_says) {
  auto const plan = plan_of(21);
  auto const truth = drones(21);
  auto radar = plain_radar();
  auto const all = make_reports(truth, {radar}, plan);
  radar.miss = 0.1;
  auto const some = make_reports(truth, {radar}, plan);
  ASSERT_GT(all.size(), 10'000U);
  EXPECT_NEAR(static_cast<double>(some.size()) / static_cast<double>(all.size()), 0.9, 0.01);
  local_plane const plane{kRaidCentre};
  double squares = 0.0;
  for (auto const& report : all) {
    auto const& object = truth[static_cast<std::size_t>(report.truth)];
    auto const place = object.at(since(plan, report.seen.observed_at)).place;
    squares += std::pow(apart(plane.to_plane(report.seen.position), place), 2);
    EXPECT_EQ(report.seen.position_sigma, meters{200});
  }
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(all.size()) / 2.0), 200.0, 6.0);
}

TEST(raid_reports, come_late_and_with_the_sensor_clock) {
  auto const plan = plan_of(22);
  auto const truth = drones(22);
  auto radar = plain_radar();
  radar.shortest_delay_s = 2.0;
  radar.longest_delay_s = 6.0;
  radar.clock_bias_s = -1.5;
  double least = 1e9;
  double most = -1e9;
  for (auto const& report : make_reports(truth, {radar}, plan)) {
    auto const delay = std::chrono::duration<double>(report.arrives - report.seen.observed_at).count();
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_NEAR(least, 3.5, 0.1);
  EXPECT_NEAR(most, 7.5, 0.1);
}

TEST(raid_reports, of_nothing_come_at_the_rate_that_the_sensor_says) {
  auto const plan = plan_of(23);
  auto radar = plain_radar();
  radar.clutter_per_minute = 40;
  auto const reports = make_reports({}, {radar}, plan);
  EXPECT_NEAR(static_cast<double>(reports.size()), 40.0 * 75.0, 4 * std::sqrt(40.0 * 75.0));
  EXPECT_TRUE(std::all_of(reports.begin(), reports.end(), [](timed_report const& one) { return one.truth < 0; }));
}

TEST(raid_reports, join_what_the_sensor_cannot_resolve) {
  auto const plan = plan_of(24);
  auto ears = plain_radar();
  ears.resolves = meters{700};
  auto const truth = drones(24);
  std::map<utc_time, std::uint32_t> at_look;
  std::size_t groups = 0;
  for (auto const& report : make_reports(truth, {ears}, plan)) {
    at_look[report.seen.observed_at] += report.seen.count;
    groups += report.seen.count > 1 ? 1 : 0;
  }
  EXPECT_GT(groups, 20U);
  for (auto const& [at, count] : at_look) {
    auto const second = since(plan, at);
    auto const flying =
        std::count_if(truth.begin(), truth.end(), [&](true_object const& one) { return one.flies_at(second); });
    EXPECT_EQ(count, static_cast<std::uint32_t>(flying)) << second;
  }
}

TEST(raid_reports, pass_the_feeds_door_and_copies_say_whose_they_are) {
  auto const plan = plan_of(25);
  auto const sensors = five_sensors(25);
  auto const reports = make_reports(make_truth(plan), sensors, plan);
  intake admitted;
  std::size_t refused = 0;
  std::size_t copies = 0;
  std::set<std::string> sources;
  for (auto const& report : reports) {
    if (!admit(admitted, report.seen, {}, report.arrives)) ++refused;
    sources.insert(report.seen.source.value);
    if (report.seen.origin.value.empty()) continue;
    ++copies;
    EXPECT_EQ(report.seen.source.value, "partner");
    EXPECT_EQ(report.seen.origin.value, "radar_north");
  }
  EXPECT_EQ(sources.size(), 5U);
  EXPECT_LT(refused, reports.size() / 1'000);
  EXPECT_GT(copies, reports.size() / 50);
  EXPECT_TRUE(named(sensors, "partner").fused);
  EXPECT_NE(named(sensors, "radar_north").clock_bias_s, named(five_sensors(26), "radar_north").clock_bias_s);
}

TEST(zone_sets, cover_the_square_without_gap_or_overlap) {
  auto const zones = zone_map::build(make_zones({}));
  ASSERT_TRUE(zones.ok());
  EXPECT_EQ(zones->leaves().size(), 40U);
  local_plane const plane{kRaidCentre};
  double area = 0.0;
  for (auto const& z : zones->all())
    if (z.kind == zone_kind::raion || z.kind == zone_kind::city) area += zones->outline_of(z.id).area().value;
  EXPECT_NEAR(area, std::pow(5 * 36'000.0, 2), 0.01 * std::pow(5 * 36'000.0, 2));
  for (double east = -85e3; east <= 85e3; east += 7.3e3)
    for (double north = -85e3; north <= 85e3; north += 7.3e3)
      EXPECT_TRUE(zones->leaf_at(plane.to_place({meters{east}, meters{north}}))) << east << ' ' << north;
}

}  // namespace
}  // namespace siren::raids
