#include "core/track/flight.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "core/track/reports.h"

namespace siren {
namespace {

using test::around_kyiv;
using test::kKyiv;
using test::kStart;

track_policy const kPolicy{};
imm_policy const kDrone = flight_rules(kPolicy, threat_class::drone);

reading seen_at(double east_m, double north_m, double sigma_m = 100.0) {
  reading out;
  out.place = around_kyiv(east_m, north_m);
  out.place_sigma = meters{sigma_m};
  return out;
}

flight_state after(flight_state const& flight, reading const& seen) {
  return taken(flight, std::vector{weighted_reading{seen, 1.0}}, kPolicy);
}

flight_state started(reading const& first) {
  return flight_from(first, kStart, traits_of(kPolicy.classes, threat_class::drone), kDrone);
}

/// Error of a flight against the truth, in units of its own covariance: 4 on average when it is as sure as it says.
double squared_error(flight_state const& flight, double east, double north, double speed_east, double speed_north) {
  auto state = as_one(flight);
  auto const there = local_plane{flight.place}.to_plane(around_kyiv(east, north));
  std::array<double, 4> e{there.east.value - state.mean[0], there.north.value - state.mean[1],
                          speed_east - state.mean[2], speed_north - state.mean[3]};
  auto& p = state.covariance;
  double sum = 0.0;
  for (std::size_t i = 0; i < 4; ++i) {  // forward substitution by the Cholesky factor
    for (std::size_t j = 0; j <= i; ++j) {
      for (std::size_t k = 0; k < j; ++k) p[i * 4 + j] -= p[i * 4 + k] * p[j * 4 + k];
      p[i * 4 + j] = i == j ? std::sqrt(p[i * 4 + j]) : p[i * 4 + j] / p[j * 4 + j];
    }
    for (std::size_t k = 0; k < i; ++k) e[i] -= p[i * 4 + k] * e[k];
    e[i] /= p[i * 5];
    sum += e[i] * e[i];
  }
  return sum;
}

// A filter surer than it is right loses its object at the next turn; one less sure than it is right takes others'
// reports. Mean normalised squared error over straight legs and turns of 200 drones, within 4 +- 35 %: the models are
// not the truth's.
TEST(flight, is_as_sure_as_it_is_right) {
  std::mt19937_64 random{11};
  std::normal_distribution<double> noise{0.0, 100.0};
  std::uniform_real_distribution<double> any{0.0, 1.0};
  double sum = 0.0;
  int count = 0;
  for (int drone = 0; drone < 200; ++drone) {
    double east = 0.0;
    double north = 0.0;
    double course = 2.0 * std::numbers::pi * any(random);
    double turn = 0.0;
    auto flight = started(seen_at(noise(random), noise(random)));
    for (int second = 1; second <= 600; ++second) {
      if (second % 120 == 0) turn = (any(random) < 0.5 ? 1.0 : -1.0) * (0.05 + 0.02 * any(random));
      if (second % 120 == 20) turn = 0.0;
      course += turn;
      double const speed_east = 45.0 * std::sin(course);
      double const speed_north = 45.0 * std::cos(course);
      east += speed_east, north += speed_north;
      if (second % 5 != 0) continue;
      flight =
          after(flown(flight, kStart + seconds{second}, kDrone), seen_at(east + noise(random), north + noise(random)));
      if (second < 60) continue;
      sum += squared_error(flight, east, north, speed_east, speed_north);
      ++count;
    }
  }
  EXPECT_GT(sum / count, 4.0 * 0.65);
  EXPECT_LT(sum / count, 4.0 * 1.35);
}

double spread(flight_state const& flight) {
  auto const p = as_one(flight).covariance;
  return std::sqrt(p[0] * p[5] - p[1] * p[4]);
}

TEST(fused_reading, said_a_hundred_times_is_as_good_as_said_once) {
  auto flight = started(seen_at(0, 0, 300.0));
  auto estimate = seen_at(50, 0, 120.0);
  estimate.fused = true;
  auto const once = after(flight, estimate);
  for (int i = 0; i < 100; ++i) flight = after(flight, estimate);
  EXPECT_LT(spread(once), spread(started(seen_at(0, 0, 300.0))));
  EXPECT_GT(spread(flight), 0.95 * 120.0 * 120.0);
  // Measurements would have made it ten times surer.
  auto measured = started(seen_at(0, 0, 300.0));
  for (int i = 0; i < 100; ++i) measured = after(measured, seen_at(50, 0, 120.0));
  EXPECT_LT(spread(measured), 0.02 * 120.0 * 120.0);
}

TEST(fused_reading, worse_than_what_is_known_changes_nothing_much) {
  auto const flight = started(seen_at(0, 0, 50.0));
  auto estimate = seen_at(500, 0, 2000.0);
  estimate.fused = true;
  auto const later = after(flight, estimate);
  EXPECT_LT(distance(later.place, flight.place).value, 1.0);
  EXPECT_NEAR(spread(later), spread(flight), 0.01 * spread(flight));
}

TEST(shared_reading, pulls_by_its_chance_and_leaves_doubt) {
  auto const flight = started(seen_at(0, 0));
  auto const whole = after(flight, seen_at(200, 0));
  auto const half = taken(flight, std::vector{weighted_reading{seen_at(200, 0), 0.5}}, kPolicy);
  auto const none = taken(flight, std::vector{weighted_reading{seen_at(200, 0), 0.0}}, kPolicy);
  EXPECT_NEAR(distance(half.place, flight.place).value, distance(whole.place, flight.place).value / 2.0, 1.0);
  EXPECT_GT(spread(half), spread(whole));
  EXPECT_NEAR(distance(none.place, flight.place).value, 0.0, 1e-6);
  EXPECT_NEAR(spread(none), spread(flight), 1e-6 * spread(flight));
}

TEST(shared_reading, of_two_sides_stays_between_and_is_wider) {
  auto const flight = started(seen_at(0, 0));
  std::vector<weighted_reading> const both{{seen_at(200, 0), 0.5}, {seen_at(-200, 0), 0.5}};
  auto const between = taken(flight, both, kPolicy);
  EXPECT_NEAR(distance(between.place, flight.place).value, 0.0, 1.0);
  EXPECT_GT(as_one(between).covariance[0], as_one(after(flight, seen_at(200, 0))).covariance[0]);
}

TEST(fit, of_place_and_velocity_is_the_two_one_after_the_other) {
  auto flight = flown(started(seen_at(0, 0)), kStart + seconds{10}, kDrone);
  auto seen = seen_at(300, 100);
  auto const place = fit_of(flight, seen, kPolicy);
  EXPECT_EQ(place.place_squared, place.whole_squared);
  seen.velocity = ground_velocity{meters_per_second{30}, meters_per_second{5}};
  seen.velocity_sigma = meters_per_second{5};
  auto const whole = fit_of(flight, seen, kPolicy);
  EXPECT_NEAR(whole.place_squared, place.place_squared, 1e-9);
  EXPECT_GE(whole.whole_squared, whole.place_squared);
}

}  // namespace
}  // namespace siren
