#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/track/reports.h"
#include "core/track/tracker.h"

namespace siren {
namespace {

using test::around_kyiv;
using test::kStart;
using test::report_of;

constexpr track_policy kPolicy{};

struct desk {
  picture state;
  track_policy policy = kPolicy;

  std::vector<track_change> take(picture_event const& event) { return apply(state, event, policy); }
  [[nodiscard]] track const& only() const {
    EXPECT_EQ(state.tracks.size(), 1u);
    return state.tracks.at(0).now;
  }
};

observation drone_at(double after_s, double east_m, double north_m, std::string source = "radar") {
  return report_of(std::move(source), "", kStart + milliseconds{std::llround(after_s * 1000.0)},
                   around_kyiv(east_m, north_m));
}

double spread(track const& t) {
  return t.covariance[0] + t.covariance[5];
}

// A slow network's reports come seconds after the fast one's. People would see a drone jump back and forth.
TEST(late_reports, leave_the_flight_that_order_would_have_given) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random{seed};
    std::normal_distribution<double> noise{0, 100};
    std::uniform_int_distribution<int> delay{0, 12};
    std::vector<observation> sent;
    for (int i = 0; i < 60; ++i)
      sent.push_back(drone_at(2.0 * i, 90.0 * i + noise(random), noise(random), "s" + std::to_string(i % 3)));
    std::vector<std::pair<int, observation>> late;
    for (int i = 0; i < 60; ++i)
      late.emplace_back(2 * i + (i % 3 == 0 ? delay(random) : 0), sent[static_cast<std::size_t>(i)]);
    std::stable_sort(late.begin(), late.end(), [](auto const& a, auto const& b) { return a.first < b.first; });
    desk in_order;
    desk as_it_came;
    for (auto const& report : sent) static_cast<void>(in_order.take(report));
    for (auto const& [when, report] : late) static_cast<void>(as_it_came.take(report));
    if (in_order.state.tracks.size() != 1 || as_it_came.state.tracks.size() != 1) continue;  // a stray of the gate
    auto const& a = in_order.only();
    auto const& b = as_it_came.only();
    EXPECT_LT(distance(a.position, b.position).value, 1e-6) << seed;
    EXPECT_NEAR(a.velocity.east.value, b.velocity.east.value, 1e-9) << seed;
    for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(a.covariance[i], b.covariance[i], 1e-6 * spread(a)) << seed;
    EXPECT_EQ(a.updated_at, b.updated_at);
    EXPECT_EQ(a.born_at, b.born_at);
    EXPECT_EQ(a.sources, b.sources);
  }
}

TEST(late_reports, of_a_whole_batch_are_put_in_order_first) {
  desk one_by_one;
  desk together;
  scan batch;
  for (int i = 0; i < 10; ++i) {
    auto const report = drone_at(3.0 * i, 135.0 * i, (i % 3 - 1) * 80.0, i % 2 == 0 ? "a" : "b");
    static_cast<void>(one_by_one.take(report));
    batch.reports.insert(batch.reports.begin(), report);
  }
  auto const changes = together.take(batch);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].now.position, one_by_one.only().position);
  EXPECT_EQ(changes[0].now.covariance, one_by_one.only().covariance);
  EXPECT_EQ(changes[0].now.updated_at, kStart + seconds{27});
}

TEST(late_reports, older_than_what_is_kept_are_support_only) {
  desk d;
  d.policy.kept_reports = 4;
  for (int i = 0; i < 12; ++i) static_cast<void>(d.take(drone_at(1.0 * i, 45.0 * i, 0)));
  auto const before = d.only();
  auto const changes = d.take(drone_at(2.0, 90.0, 0, "slow"));
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].now.covariance, before.covariance);
  EXPECT_EQ(changes[0].now.sources.size(), 2u);
  EXPECT_LE(d.state.tracks[0].past.size(), 4u);
}

TEST(copies, over_a_relay_add_nothing_whichever_comes_first) {
  auto const relayed = [](observation report) {
    report.origin = report.source;
    report.source = source_id{"relay"};
    report.native_id = "r-17";
    report.position.lat = degrees{std::round(report.position.lat.value * 1e4) / 1e4};
    return report;
  };
  desk alone;
  desk before;
  desk after;
  for (int i = 0; i < 6; ++i) {
    auto const report = drone_at(10.0 * i, 450.0 * i, 0);
    static_cast<void>(alone.take(report));
    static_cast<void>(after.take(report));
    EXPECT_TRUE(after.take(relayed(report)).empty());
    static_cast<void>(before.take(relayed(report)));
    EXPECT_TRUE(before.take(report).empty());
  }
  EXPECT_EQ(after.only().covariance, alone.only().covariance);
  EXPECT_EQ(after.only().sources, std::vector{source_id{"radar"}});
  EXPECT_EQ(before.only().sources, std::vector{source_id{"radar"}});
  EXPECT_NEAR(spread(before.only()), spread(alone.only()), 1.0);
  EXPECT_EQ(after.state.tracks[0].hits, 6u);
}

TEST(copies, of_two_near_drones_in_one_look_stay_two) {
  desk d;
  scan look;
  look.reports = {drone_at(0, 0, 0), drone_at(0, 0, 300)};
  static_cast<void>(d.take(look));
  for (auto& report : look.reports) {
    report.origin = report.source;
    report.source = source_id{"relay"};
  }
  EXPECT_TRUE(d.take(look).empty());
  EXPECT_EQ(d.state.tracks.size(), 2u);
}

TEST(fused_reports, of_another_centre_do_not_make_a_track_surer_by_repeating) {
  desk d;
  for (int i = 0; i < 5; ++i) static_cast<void>(d.take(drone_at(i, 45.0 * i, 0)));
  auto const before = spread(d.only());
  for (int i = 0; i < 20; ++i) {
    auto estimate = drone_at(4.0 + 0.01 * i, 180.0, 0, "centre");
    estimate.fused = true;
    static_cast<void>(d.take(estimate));
  }
  EXPECT_GT(spread(d.only()), 0.9 * before);
}

// Two flights that cross at a point, ten noisy looks a minute without velocities: each track ends on its own drone.
TEST(crossing, keeps_each_drone_its_own_track) {
  int kept = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 random{seed};
    std::normal_distribution<double> noise{0, 100};
    desk d;
    for (int step = 0; step <= 100; ++step) {
      double const along = -11'250 + 225.0 * step;
      scan look;
      look.reports = {drone_at(5.0 * step, along + noise(random), 0.5 * along + noise(random)),
                      drone_at(5.0 * step, along + noise(random), -0.5 * along + noise(random))};
      static_cast<void>(d.take(look));
      static_cast<void>(d.take(tick{kStart + seconds{5 * step}}));
    }
    auto const ends_at = [&](std::uint64_t id, double north) {
      return std::any_of(d.state.tracks.begin(), d.state.tracks.end(), [&](tracked const& t) {
        return t.now.id == track_id{id} && distance(t.now.position, around_kyiv(11'250, north)).value < 400;
      });
    };
    if (ends_at(1, 5'625) && ends_at(2, -5'625)) ++kept;
  }
  EXPECT_GE(kept, 36);
}

TEST(looks, give_each_report_to_the_track_that_leaves_the_best_whole) {
  desk d;
  for (int step = 0; step < 6; ++step) {
    scan look;
    look.reports = {drone_at(5.0 * step, 225.0 * step, 0), drone_at(5.0 * step, 225.0 * step, 600)};
    static_cast<void>(d.take(look));
  }
  // The first report lies nearer to the second track; taken by itself it would leave the other without any.
  scan look;
  look.reports = {drone_at(30, 1350, 320), drone_at(30, 1350, 900)};
  static_cast<void>(d.take(look));
  ASSERT_EQ(d.state.tracks.size(), 2u);
  EXPECT_EQ(d.state.tracks[0].now.updated_at, kStart + seconds{30});
  EXPECT_EQ(d.state.tracks[1].now.updated_at, kStart + seconds{30});
}

observation of_class(observation report, threat_class kind) {
  report.kind = kind;
  return report;
}

TEST(class_ladder, one_mistaken_report_among_many_does_not_make_a_drone_a_jet) {
  desk d;
  for (int i = 0; i < 6; ++i) static_cast<void>(d.take(drone_at(5.0 * i, 225.0 * i, 0)));
  static_cast<void>(d.take(of_class(drone_at(30, 1350, 0), threat_class::jet_drone)));
  EXPECT_EQ(d.only().kind, threat_class::drone);
  for (int i = 7; i < 16; ++i)
    static_cast<void>(d.take(of_class(drone_at(5.0 * i, 225.0 * i, 0, "b"), threat_class::jet_drone)));
  EXPECT_EQ(d.only().kind, threat_class::jet_drone);
  static_cast<void>(d.take(drone_at(80, 225.0 * 16, 0)));
  EXPECT_EQ(d.only().kind, threat_class::jet_drone);
}

TEST(class_ladder, an_unsure_source_weighs_less) {
  auto vague = of_class(drone_at(10, 0, 0), threat_class::jet_drone);
  vague.class_confidence = probability{0.3};
  desk d;
  static_cast<void>(d.take(drone_at(0, 0, 0)));
  static_cast<void>(d.take(vague));
  EXPECT_EQ(d.only().kind, threat_class::drone);
}

TEST(class_ladder, a_drone_that_flies_like_a_jet_is_one) {
  desk d;
  for (int i = 0; i < 30; ++i) static_cast<void>(d.take(drone_at(2.0 * i, 260.0 * i, 0, i % 2 == 0 ? "a" : "b")));
  EXPECT_TRUE(std::any_of(d.state.tracks.begin(), d.state.tracks.end(),
                          [](tracked const& t) { return t.now.kind == threat_class::jet_drone && t.hits > 10; }));
}

TEST(class_ladder, speed_names_what_no_source_has_named) {
  desk slow;
  desk fast;
  desk unsure;
  for (int i = 0; i < 30; ++i) {
    static_cast<void>(slow.take(of_class(drone_at(5.0 * i, 225.0 * i, 0), threat_class::unknown)));
    static_cast<void>(fast.take(of_class(drone_at(2.0 * i, 260.0 * i, 0), threat_class::unknown)));
    static_cast<void>(unsure.take(of_class(drone_at(2.0 * i, 500.0 * i, 0), threat_class::unknown)));
  }
  EXPECT_EQ(slow.only().kind, threat_class::drone);
  EXPECT_EQ(fast.only().kind, threat_class::jet_drone);
  EXPECT_EQ(unsure.only().kind, threat_class::unknown);  // a cruise missile or a bomb
}

TEST(class_ladder, height_tells_a_falling_missile_from_a_cruising_one) {
  auto const chances = [](double altitude) {
    observation said = of_class(drone_at(0, 0, 0), threat_class::cruise_missile);
    said.class_confidence = probability{0.6};
    said.altitude = meters{altitude};
    class_belief belief;
    for (int i = 0; i < 3; ++i) hear(belief, said, kPolicy);
    return shares_of(belief, {}, kPolicy);
  };
  auto const at = [](class_shares const& shares, threat_class kind) { return shares[static_cast<std::size_t>(kind)]; };
  EXPECT_GT(at(chances(100), threat_class::cruise_missile), at(chances(100), threat_class::supersonic_missile));
  EXPECT_LT(at(chances(15'000), threat_class::cruise_missile), at(chances(15'000), threat_class::supersonic_missile));
}

observation group_of(std::uint32_t count, observation report) {
  report.count = count;
  return report;
}

TEST(swarm, seen_as_one_by_a_coarse_sensor_is_not_counted_twice) {
  desk d;
  for (int step = 0; step < 5; ++step) {
    scan look;
    for (int i = 0; i < 3; ++i) look.reports.push_back(drone_at(5.0 * step, 225.0 * step, 400.0 * i));
    static_cast<void>(d.take(look));
  }
  ASSERT_EQ(d.state.tracks.size(), 3u);
  auto coarse = group_of(4, drone_at(22, 990, 400, "acoustic"));
  coarse.position_sigma = meters{600};
  static_cast<void>(d.take(coarse));
  ASSERT_EQ(d.state.tracks.size(), 3u);
  std::uint32_t sum = 0;
  for (auto const& t : d.state.tracks) {
    sum += t.now.count;
    EXPECT_EQ(t.now.updated_at, kStart + seconds{22});
  }
  EXPECT_EQ(sum, 4u);
}

TEST(swarm, lets_its_members_out_when_a_sensor_tells_them_apart) {
  desk d;
  for (int step = 0; step < 4; ++step) static_cast<void>(d.take(group_of(3, drone_at(5.0 * step, 225.0 * step, 0))));
  ASSERT_EQ(d.only().count, 3u);
  ASSERT_TRUE(d.only().confirmed);
  scan look;
  for (int i = 0; i < 3; ++i) look.reports.push_back(drone_at(20, 900, 120.0 * (i - 1), "radar_b"));
  static_cast<void>(d.take(look));
  ASSERT_EQ(d.state.tracks.size(), 3u);
  for (auto const& t : d.state.tracks) {
    EXPECT_EQ(t.now.count, 1u);
    EXPECT_TRUE(t.now.confirmed);
    EXPECT_NEAR(t.now.velocity.east.value, 45.0, 15.0);
  }
}

TEST(picture, memory_of_a_long_flight_is_bounded) {
  desk d;
  for (int i = 0; i < 2'000; ++i)
    static_cast<void>(d.take(drone_at(0.5 * i, 22.5 * i, 0, "s" + std::to_string(i % 5))));
  for (auto const& t : d.state.tracks) {
    EXPECT_LE(t.past.size(), kPolicy.kept_reports);
    EXPECT_LE(t.past.capacity(), 4 * kPolicy.kept_reports);
  }
}

TEST(picture, goes_on_from_what_an_earlier_life_kept) {
  desk before;
  for (int i = 0; i < 10; ++i) static_cast<void>(before.take(drone_at(5.0 * i, 225.0 * i, 0)));
  desk after;
  after.state.tracks.push_back(resumed(before.only(), kPolicy));
  after.state.next_id = 2;
  static_cast<void>(after.take(drone_at(50, 2250, 0)));
  EXPECT_EQ(after.only().id, track_id{1});
  EXPECT_TRUE(after.only().confirmed);
  EXPECT_EQ(after.only().updated_at, kStart + seconds{50});
  // An older report than what was kept changes the flight no more.
  auto const kept = after.only();
  static_cast<void>(after.take(drone_at(40, 1800, 0, "slow")));
  EXPECT_EQ(after.only().covariance, kept.covariance);
}

}  // namespace
}  // namespace siren
