#include "core/track/tracker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "core/track/reports.h"

namespace siren {
namespace {

using test::around_kyiv;
using test::kStart;
using test::report_of;

constexpr track_policy kPolicy{};

/// A picture, the policy and every change so far.
struct desk {
  picture state;
  track_policy policy = kPolicy;
  std::vector<track_change> seen;

  std::vector<track_change> take(picture_event const& event) {
    auto changes = apply(state, event, policy);
    seen.insert(seen.end(), changes.begin(), changes.end());
    return changes;
  }
  [[nodiscard]] std::size_t confirmed() const {
    return static_cast<std::size_t>(
        std::count_if(state.tracks.begin(), state.tracks.end(), [](tracked const& t) { return t.now.confirmed; }));
  }
};

observation drone_at(seconds after, double east_m, double north_m, std::string source = "radar") {
  return report_of(std::move(source), "", kStart + after, around_kyiv(east_m, north_m));
}

observation with_velocity(observation report, double east, double north) {
  report.velocity = {meters_per_second{east}, meters_per_second{north}};
  return report;
}

observation of_class(observation report, threat_class kind) {
  report.kind = kind;
  return report;
}

double speed_of(track const& t) {
  return std::hypot(t.velocity.east.value, t.velocity.north.value);
}

desk with_one_drone(std::vector<std::string> const& sources = {"radar"}) {
  desk d;
  for (int report = 0; report < 4; ++report)
    d.take(with_velocity(
        drone_at(seconds{report * 10}, 450.0 * report, 0, sources[static_cast<std::size_t>(report) % sources.size()]),
        45, 0));
  return d;
}

TEST(birth, is_tentative_and_confirmed_by_the_third_report_of_a_drone) {
  desk d;
  auto const first = d.take(drone_at(seconds{0}, 0, 0));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_FALSE(first[0].now.confirmed);
  EXPECT_EQ(first[0].end, track_end::none);
  EXPECT_FALSE(d.take(drone_at(seconds{10}, 450, 0))[0].now.confirmed);
  auto const third = d.take(drone_at(seconds{20}, 900, 0));
  EXPECT_TRUE(third[0].now.confirmed);
  EXPECT_EQ(third[0].now.id, first[0].now.id);
  EXPECT_EQ(third[0].now.born_at, kStart);
  EXPECT_EQ(third[0].now.updated_at, kStart + seconds{20});
}

struct hits_needed {
  threat_class kind;
  std::uint32_t reports;
};
class confirmation : public testing::TestWithParam<hits_needed> {};

TEST_P(confirmation, needs_as_many_reports_as_its_class_says) {
  desk d;
  for (std::uint32_t report = 1; report <= GetParam().reports; ++report) {
    auto const changes = d.take(of_class(drone_at(seconds{report}, 0, 0), GetParam().kind));
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].now.confirmed, report == GetParam().reports) << report;
  }
}

INSTANTIATE_TEST_SUITE_P(
    table, confirmation,
    testing::Values(hits_needed{threat_class::unknown, 3}, hits_needed{threat_class::drone, 3},
                    hits_needed{threat_class::jet_drone, 3}, hits_needed{threat_class::cruise_missile, 2},
                    hits_needed{threat_class::supersonic_missile, 1}, hits_needed{threat_class::ballistic_missile, 1},
                    hits_needed{threat_class::aeroballistic_missile, 1},
                    hits_needed{threat_class::hypersonic_missile, 1},
                    hits_needed{threat_class::surface_to_air_missile, 1}, hits_needed{threat_class::guided_bomb, 2}));

TEST(velocity, comes_from_two_points_when_none_is_measured) {
  desk d;
  d.take(drone_at(seconds{0}, 0, 0));
  d.take(drone_at(seconds{60}, 0, -2700));
  EXPECT_NEAR(d.state.tracks[0].now.velocity.north.value, -45, 3);
  EXPECT_NEAR(d.state.tracks[0].now.velocity.east.value, 0, 3);
}

TEST(velocity, is_the_measured_one_at_birth) {
  desk d;
  auto const born = d.take(with_velocity(drone_at(seconds{0}, 0, 0), 30, -40))[0].now;
  EXPECT_NEAR(born.velocity.east.value, 30.0, 1e-9);
  EXPECT_NEAR(born.velocity.north.value, -40.0, 1e-9);
}

TEST(velocity, is_never_above_the_fastest_of_its_class) {
  desk d;
  for (int step = 0; step < 20; ++step) {
    d.take(of_class(with_velocity(drone_at(seconds{step}, 360.0 * step, 0), 360, 0), threat_class::guided_bomb));
    for (tracked const& t : d.state.tracks) {
      if (t.hits > 1) {
        EXPECT_LE(speed_of(t.now), 320.0 + 1e-9);
      }
    }
  }
}

TEST(association, follows_two_crossing_drones_without_mixing_them) {
  std::mt19937_64 random{5};
  std::normal_distribution<double> noise{0, 100};
  desk d;
  for (int step = 0; step <= 60; ++step) {
    seconds const at{step * 10};
    double const along = -13'500 + 450.0 * step;
    d.take(with_velocity(drone_at(at, along + noise(random), along + noise(random), "a"), 45, 45));
    d.take(with_velocity(drone_at(at, along + noise(random), -along + noise(random), "a"), 45, -45));
  }
  // A report outside its 99 % gate may bear a tentative track: the two real ones are those with many reports.
  std::vector<tracked> real;
  for (tracked const& t : d.state.tracks)
    if (t.hits > 10) real.push_back(t);
  ASSERT_EQ(real.size(), 2u);
  EXPECT_LT(distance(real[0].now.position, around_kyiv(13'500, 13'500)).value, 300);
  EXPECT_LT(distance(real[1].now.position, around_kyiv(13'500, -13'500)).value, 300);
  EXPECT_EQ(real[0].now.id, track_id{1});
  EXPECT_EQ(real[1].now.id, track_id{2});
  EXPECT_EQ(real[0].now.born_at, kStart);
  EXPECT_EQ(real[1].now.born_at, kStart);
}

// A drone that turns at a waypoint would go on straight as a ghost and start a second track, tentative again.
TEST(association, takes_a_turn_for_a_turn) {
  desk d = with_one_drone();
  auto const changes = d.take(with_velocity(drone_at(seconds{40}, 1700, 150), 0, 45));
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].now.id, track_id{1});
  EXPECT_NEAR(changes[0].now.velocity.north.value, 45, 5);
  EXPECT_NEAR(changes[0].now.velocity.east.value, 0, 5);
}

TEST(association, gives_one_scan_of_two_near_objects_two_tracks) {
  desk d;
  d.take(drone_at(seconds{0}, 0, 0));
  d.take(drone_at(seconds{0}, 50, 0));
  EXPECT_EQ(d.state.tracks.size(), 2u);
  d.take(drone_at(seconds{0}, 25, 0, "other"));
  EXPECT_EQ(d.state.tracks.size(), 2u);
}

TEST(association, joins_sources_sorted_and_once) {
  desk d;
  d.take(drone_at(seconds{0}, 0, 0, "b"));
  d.take(drone_at(seconds{1}, 45, 0, "c"));
  d.take(drone_at(seconds{2}, 90, 0, "a"));
  auto const last = d.take(drone_at(seconds{3}, 135, 0, "b"));
  ASSERT_EQ(last.size(), 1u);
  EXPECT_EQ(last[0].now.sources, (std::vector{source_id{"a"}, source_id{"b"}, source_id{"c"}}));
}

struct class_pair {
  threat_class known;
  threat_class reported;
  std::optional<threat_class> becomes;  // absent: another object
};
class classes : public testing::TestWithParam<class_pair> {};

TEST_P(classes, join_along_a_family_only) {
  desk d;
  d.take(of_class(drone_at(seconds{0}, 0, 0), GetParam().known));
  auto const changes = d.take(of_class(drone_at(seconds{1}, 0, 0), GetParam().reported));
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(d.state.tracks.size(), GetParam().becomes ? 1u : 2u);
  EXPECT_EQ(changes[0].now.kind, GetParam().becomes.value_or(GetParam().reported));
}

using tc = threat_class;
INSTANTIATE_TEST_SUITE_P(
    table, classes,
    testing::Values(class_pair{tc::unknown, tc::unknown, tc::unknown}, class_pair{tc::unknown, tc::drone, tc::drone},
                    class_pair{tc::drone, tc::unknown, tc::drone},
                    class_pair{tc::unknown, tc::guided_bomb, tc::guided_bomb},
                    class_pair{tc::drone, tc::jet_drone, tc::jet_drone},
                    class_pair{tc::jet_drone, tc::drone, tc::jet_drone},
                    class_pair{tc::cruise_missile, tc::supersonic_missile, tc::supersonic_missile},
                    class_pair{tc::hypersonic_missile, tc::ballistic_missile, tc::hypersonic_missile},
                    class_pair{tc::drone, tc::cruise_missile, std::nullopt},
                    class_pair{tc::cruise_missile, tc::ballistic_missile, std::nullopt},
                    class_pair{tc::ballistic_missile, tc::drone, std::nullopt},
                    class_pair{tc::guided_bomb, tc::cruise_missile, std::nullopt}));

TEST(end, of_a_destroyed_drone_is_at_its_report) {
  desk d = with_one_drone();
  observation report = drone_at(seconds{40}, 1800, 0);
  report.status = object_status::destroyed;
  auto const changes = d.take(report);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].end, track_end::destroyed);
  EXPECT_TRUE(d.state.tracks.empty());
}

TEST(end, of_a_part_of_a_group_leaves_the_others) {
  desk d = with_one_drone();
  observation group = drone_at(seconds{40}, 1800, 0);
  group.count = 3;
  EXPECT_EQ(d.take(group)[0].now.count, 3u);
  EXPECT_EQ(d.take(drone_at(seconds{50}, 2250, 0))[0].now.count, 3u);
  observation report = drone_at(seconds{55}, 2475, 0);
  report.status = object_status::destroyed;
  report.count = 2;
  auto const changes = d.take(report);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].end, track_end::none);
  EXPECT_EQ(changes[0].now.count, 1u);
}

TEST(end, by_loss_needs_the_only_source) {
  observation report = drone_at(seconds{40}, 1800, 0);
  report.status = object_status::lost;
  desk alone = with_one_drone();
  ASSERT_EQ(alone.take(report).size(), 1u);
  EXPECT_EQ(alone.seen.back().end, track_end::coasted_out);
  EXPECT_TRUE(alone.state.tracks.empty());
  desk shared = with_one_drone({"radar", "posts"});
  EXPECT_TRUE(shared.take(report).empty());
  EXPECT_EQ(shared.state.tracks.size(), 1u);
}

TEST(end, reports_of_nothing_known_bear_nothing) {
  for (object_status const status : {object_status::destroyed, object_status::lost}) {
    desk d;
    observation report = drone_at(seconds{0}, 0, 0);
    report.status = status;
    EXPECT_TRUE(d.take(report).empty());
    EXPECT_TRUE(d.state.tracks.empty());
  }
}

// The slower sensor's plots of a drone that was already shot down would start a new track and keep the alarm up.
TEST(end, of_a_destroyed_drone_is_not_undone_by_a_late_report) {
  desk d = with_one_drone();
  observation report = drone_at(seconds{40}, 1800, 0);
  report.status = object_status::destroyed;
  d.take(report);
  EXPECT_TRUE(d.take(drone_at(seconds{36}, 1620, 0, "slow")).empty());
  EXPECT_EQ(d.take(drone_at(seconds{36}, 20'000, 0, "slow")).size(), 1u);
  EXPECT_EQ(d.take(drone_at(seconds{45}, 2025, 0, "slow")).size(), 1u);
  d.take(tick{kStart + minutes{5}});
  EXPECT_TRUE(d.state.destroyed.empty());
}

TEST(coasting, ends_a_confirmed_drone_after_its_limit_and_not_before) {
  desk d = with_one_drone();
  EXPECT_TRUE(d.take(tick{kStart + seconds{30 + 180}}).empty());
  auto const changes = d.take(tick{kStart + seconds{30 + 181}});
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].end, track_end::coasted_out);
  EXPECT_TRUE(d.state.tracks.empty());
}

TEST(coasting, ends_a_tentative_one_sooner) {
  desk d;
  d.take(drone_at(seconds{0}, 0, 0));
  EXPECT_TRUE(d.take(tick{kStart + seconds{120}}).empty());
  EXPECT_EQ(d.take(tick{kStart + seconds{121}}).size(), 1u);
  EXPECT_TRUE(d.state.tracks.empty());
}

TEST(late_report, improves_a_track_and_rewinds_nothing) {
  desk d = with_one_drone();
  track const before = d.state.tracks[0].now;
  observation late = drone_at(seconds{20}, 900, 0, "slow");
  late.trace = trace_id{"0123456789abcdef0123456789abcdef"};
  auto const changes = d.take(late);
  ASSERT_EQ(changes.size(), 1u);
  track const& after = changes[0].now;
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.updated_at, before.updated_at);
  EXPECT_EQ(after.trace, before.trace);
  EXPECT_LT(after.covariance[0], before.covariance[0]);
  EXPECT_LT(distance(after.position, around_kyiv(1350, 0)).value, 150);
  EXPECT_EQ(after.sources.size(), 2u);
}

TEST(late_report, beyond_the_limit_changes_nothing_and_bears_nothing) {
  desk d;
  for (int report = 0; report < 10; ++report)
    d.take(with_velocity(drone_at(seconds{report * 10}, 450.0 * report, 0), 45, 0));
  track const before = d.state.tracks[0].now;
  EXPECT_TRUE(d.take(drone_at(seconds{40}, 1800, 0, "slow")).empty());
  ASSERT_EQ(d.state.tracks.size(), 1u);
  EXPECT_EQ(d.state.tracks[0].now.covariance, before.covariance);
}

// Half an hour of a false report every ten seconds, a hundred times: in fifty hours ten ghosts at most.
TEST(false_reports, do_not_become_confirmed) {
  std::mt19937_64 random{99};
  std::uniform_real_distribution<double> anywhere{-200'000, 200'000};
  std::size_t ghosts = 0;
  for (int run = 0; run < 100; ++run) {
    desk d;
    for (int second = 0; second < 1800; second += 10) {
      d.take(drone_at(seconds{second}, anywhere(random), anywhere(random), second % 20 == 0 ? "a" : "b"));
      d.take(tick{kStart + seconds{second}});
    }
    EXPECT_LE(d.state.tracks.size(), 30u);
    std::set<track_id> confirmed;
    for (track_change const& change : d.seen)
      if (change.now.confirmed) confirmed.insert(change.now.id);
    ghosts += confirmed.size();
  }
  EXPECT_LE(ghosts, 10u);
}

/// A raid of noisy reports from three sensors with misses and false reports.
std::vector<picture_event> raid(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> noise{0, 150};
  std::uniform_real_distribution<double> anywhere{-100'000, 100'000};
  std::uniform_real_distribution<double> chance{0, 1};
  std::vector<picture_event> events;
  for (int second = 0; second < 600; second += 5) {
    for (int object = 0; object < 12; ++object) {
      if (chance(random) < 0.2) continue;
      auto report = drone_at(seconds{second}, -60'000 + 45.0 * second + noise(random),
                             -55'000 + 10'000.0 * object + noise(random), "s" + std::to_string((second / 5) % 3));
      report.position_sigma = meters{150};
      if (chance(random) < 0.5) report = with_velocity(report, 45 + noise(random) / 30, noise(random) / 30);
      events.emplace_back(report);
    }
    if (chance(random) < 0.3) events.emplace_back(drone_at(seconds{second}, anywhere(random), anywhere(random), "s0"));
    events.emplace_back(tick{kStart + seconds{second}});
  }
  return events;
}

TEST(raid, of_twelve_drones_gives_twelve_confirmed_tracks_where_they_are) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    desk d;
    for (auto const& event : raid(seed)) d.take(event);
    EXPECT_EQ(d.confirmed(), 12u);
    for (int object = 0; object < 12; ++object) {
      lat_lon const truth = around_kyiv(-60'000 + 45.0 * 595, -55'000 + 10'000.0 * object);
      auto const near = std::count_if(d.state.tracks.begin(), d.state.tracks.end(), [&](tracked const& t) {
        return t.now.confirmed && distance(predict(t.now, kStart + seconds{595}, kPolicy).position, truth).value < 500;
      });
      EXPECT_EQ(near, 1) << object;
    }
  }
}

bool same(track const& a, track const& b) {
  return a.id == b.id && a.kind == b.kind && a.count == b.count && a.confirmed == b.confirmed &&
         a.position == b.position && a.velocity == b.velocity && a.covariance == b.covariance &&
         a.updated_at == b.updated_at && a.sources == b.sources;
}

TEST(apply, gives_the_same_changes_for_the_same_events) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    desk first;
    desk second;
    for (auto const& event : raid(seed)) {
      first.take(event);
      second.take(event);
    }
    ASSERT_EQ(first.seen.size(), second.seen.size());
    for (std::size_t i = 0; i < first.seen.size(); ++i) {
      ASSERT_TRUE(same(first.seen[i].now, second.seen[i].now));
      ASSERT_EQ(first.seen[i].end, second.seen[i].end);
    }
  }
}

TEST(apply, tells_the_picture_completely_in_its_changes) {
  desk d;
  std::map<track_id, track> told;
  for (auto const& event : raid(3))
    for (track_change const& change : d.take(event)) {
      if (change.end == track_end::none)
        told[change.now.id] = change.now;
      else
        told.erase(change.now.id);
    }
  ASSERT_EQ(told.size(), d.state.tracks.size());
  for (tracked const& t : d.state.tracks) ASSERT_TRUE(same(told.at(t.now.id), t.now));
}

TEST(picture, is_bounded_and_gives_up_the_tentative_track_with_the_oldest_report) {
  desk d;
  d.policy.max_tracks = 3;
  for (int report = 0; report < 3; ++report) d.take(drone_at(seconds{report}, 0, 0));
  ASSERT_EQ(d.confirmed(), 1u);
  d.take(drone_at(seconds{10}, 50'000, 0));
  d.take(drone_at(seconds{20}, 100'000, 0));
  auto const changes = d.take(drone_at(seconds{30}, 150'000, 0));
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].now.id, track_id{2});
  EXPECT_EQ(changes[0].end, track_end::coasted_out);
  EXPECT_EQ(changes[1].now.id, track_id{4});
  EXPECT_EQ(d.state.tracks.size(), 3u);
  EXPECT_EQ(d.confirmed(), 1u);
}

// A report outside the 99 % gate bears a second track of the same drone: an operator would see two where one flies.
TEST(merging, joins_a_stray_to_its_drone) {
  desk d = with_one_drone();
  auto const stray = d.take(drone_at(seconds{40}, 1800, 600));
  ASSERT_EQ(stray[0].now.id, track_id{2});
  auto const changes = d.take(tick{kStart + seconds{40}});
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].now.id, track_id{1});
  EXPECT_EQ(changes[0].end, track_end::none);
  EXPECT_EQ(changes[1].now.id, track_id{2});
  EXPECT_EQ(changes[1].end, track_end::merged);
  EXPECT_EQ(d.state.tracks.size(), 1u);
  EXPECT_EQ(d.state.tracks[0].now.updated_at, kStart + seconds{40});
}

TEST(merging, leaves_a_pair_that_one_scan_has_told_apart) {
  desk d;
  for (int scan = 0; scan < 6; ++scan) {
    d.take(with_velocity(drone_at(seconds{scan * 10}, 450.0 * scan, 0), 45, 0));
    d.take(with_velocity(drone_at(seconds{scan * 10}, 450.0 * scan, 150), 45, 0));
    d.take(tick{kStart + seconds{scan * 10}});
    ASSERT_EQ(d.state.tracks.size(), 2u) << scan;
  }
}

TEST(merging, leaves_other_families_and_far_tracks) {
  desk d;
  d.take(drone_at(seconds{0}, 0, 0, "a"));
  d.take(of_class(drone_at(seconds{1}, 0, 0, "b"), threat_class::cruise_missile));
  d.take(drone_at(seconds{2}, 30'000, 0, "c"));
  EXPECT_TRUE(d.take(tick{kStart + seconds{2}}).empty());
  EXPECT_EQ(d.state.tracks.size(), 3u);
}

TEST(prediction, moves_along_the_velocity_and_grows_unsure) {
  desk d = with_one_drone();
  track const& known = d.state.tracks[0].now;
  track const later = predict(known, known.updated_at + seconds{100}, kPolicy);
  double const way = speed_of(known) * 100;
  EXPECT_NEAR(distance(known.position, later.position).value, way, way * 0.002);
  EXPECT_EQ(later.velocity, known.velocity);
  EXPECT_GT(later.covariance[0], known.covariance[0]);
  EXPECT_EQ(later.updated_at, known.updated_at + seconds{100});
  EXPECT_TRUE(same(predict(known, known.updated_at, kPolicy), known));
  EXPECT_TRUE(same(predict(known, known.updated_at - seconds{5}, kPolicy), known));
}

}  // namespace
}  // namespace siren
