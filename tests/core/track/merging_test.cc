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

constexpr double kSpeed = 45.0;  // m/s, east

struct desk {
  picture state;
  track_policy policy;

  void take(picture_event const& event) { static_cast<void>(apply(state, event, policy)); }
  [[nodiscard]] std::size_t confirmed() const {
    return static_cast<std::size_t>(
        std::count_if(state.tracks.begin(), state.tracks.end(), [](tracked const& t) { return t.now.confirmed; }));
  }
};

observation drone_at(double after_s, double aside_m, std::string source = "radar") {
  auto const at = kStart + microseconds{std::llround(after_s * 1e6)};
  auto report = report_of(std::move(source), "", at, around_kyiv(kSpeed * after_s, aside_m));
  report.velocity = {meters_per_second{kSpeed}, meters_per_second{0}};
  return report;
}

tick tick_at(double after_s) {
  return {kStart + microseconds{std::llround(after_s * 1e6)}};
}

/// A drone and, beside it, a track that a few strays of the same drone have confirmed while nobody was looking.
desk with_a_double(double until_s) {
  desk d;
  for (double at = 0; at <= until_s; at += 10) d.take(drone_at(at, 0));
  for (double at = until_s - 22; at <= until_s; at += 10) d.take(drone_at(at, 1'300, "posts"));
  return d;
}

// A neighbour's report in one look of the radar went to a drone's double: people would have seen two drones for as long
// as that look was remembered.
TEST(merging, a_double_is_not_kept_alive_by_one_mixed_up_look) {
  auto d = with_a_double(60);
  ASSERT_EQ(d.confirmed(), 2U);
  scan look;
  look.reports = {drone_at(70, 0), drone_at(70, 1'200)};
  d.take(look);
  ASSERT_EQ(d.state.tracks.size(), 2U);
  std::mt19937_64 random{7};
  std::normal_distribution<double> error{0, 150};
  for (double at = 80; at <= 140; at += 10) {
    // One report a turn, to whichever is nearer.
    d.take(drone_at(at, 500 + error(random)));
    d.take(tick_at(at));
  }
  EXPECT_EQ(d.state.tracks.size(), 1U);
}

TEST(merging, two_drones_side_by_side_stay_two_though_the_radar_misses_one_in_ten) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    desk d;
    std::mt19937_64 random{seed};
    std::normal_distribution<double> error{0, 100};
    std::bernoulli_distribution sees{0.9};
    for (int turn = 0; turn < 60; ++turn) {
      scan look;
      for (double const aside : {0.0, 500.0})
        if (sees(random)) look.reports.push_back(drone_at(10.0 * turn, aside + error(random)));
      d.take(look);
      d.take(tick_at(10.0 * turn));
    }
    EXPECT_EQ(d.confirmed(), 2U) << seed;
  }
}

// A turning radar sees the second drone half a second after the first: no two reports share a time. Four sigmas apart,
// some reports go to the other one's track whatever is done; by shared times alone every pair would become one.
TEST(merging, two_drones_stay_two_though_a_radar_sees_one_after_the_other) {
  int two = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    desk d;
    std::mt19937_64 random{seed};
    std::normal_distribution<double> error{0, 80};
    for (int turn = 0; turn < 40; ++turn) {
      double const between = turn < 4 ? 0.0 : 0.5;
      d.take(drone_at(10.0 * turn, error(random)));
      d.take(drone_at(10.0 * turn + between, 400.0 + error(random)));
      d.take(tick_at(10.0 * turn + between));
    }
    two += d.confirmed() == 2 ? 1 : 0;
  }
  EXPECT_GE(two, 7);
}

TEST(merging, an_unresolved_group_tells_nothing_about_its_members) {
  desk d;
  for (int turn = 0; turn < 6; ++turn) {
    scan look;
    look.reports = {drone_at(10.0 * turn, 0), drone_at(10.0 * turn, 450)};
    d.take(look);
    auto group = drone_at(10.0 * turn + 5, 225, "acoustic");
    group.count = 2;
    group.velocity.reset();
    group.position_sigma = meters{600};
    d.take(group);
    d.take(tick_at(10.0 * turn + 5));
  }
  EXPECT_EQ(d.state.tracks.size(), 2U);
}

}  // namespace
}  // namespace siren
