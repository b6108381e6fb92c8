#include "core/track/imm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace siren {
namespace {

imm_policy const kDrone{acceleration_density{0.05}, acceleration_density{20.0}};

kalman_state start() {
  return {{0.0, 0.0, 45.0, 0.0}, {10'000, 0, 0, 0, 0, 10'000, 0, 0, 0, 0, 25, 0, 0, 0, 0, 25}};
}

measurement seen_at(double east, double north, double sigma) {
  return {measured_part::position, {east, north}, {sigma * sigma, 0, 0, sigma * sigma}};
}

TEST(imm, with_two_equal_models_is_the_kalman_filter) {
  imm_policy const equal{acceleration_density{1.0}, acceleration_density{1.0}};
  auto plain = start();
  auto mixed = imm_at(start(), equal);
  for (int step = 1; step <= 20; ++step) {
    auto const z = seen_at(450.0 * step + (step % 3 - 1) * 60.0, (step % 5 - 2) * 40.0, 100.0);
    plain = updated(predicted(plain, seconds{10}, acceleration_density{1.0}), z);
    mixed = updated(predicted(mixed, seconds{10}, equal), z);
  }
  auto const ours = combined(mixed);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(ours.mean[i], plain.mean[i], 1e-6);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(ours.covariance[i], plain.covariance[i], 1e-4);
}

TEST(imm, weights_stay_a_distribution_and_the_mixture_is_never_surer_than_its_models_agree) {
  auto state = imm_at(start(), kDrone);
  for (int step = 1; step <= 50; ++step) {
    state = updated(predicted(state, seconds{step % 7}, kDrone), seen_at(step * step * 30.0, -step * 200.0, 80.0));
    EXPECT_NEAR(state.weights[kSteady] + state.weights[kManoeuvring], 1.0, 1e-12);
    EXPECT_GE(std::min(state.weights[kSteady], state.weights[kManoeuvring]), 0.0);
    auto const c = combined(state).covariance;
    EXPECT_GT(c[0] * c[5] - c[1] * c[4], 0.0);
  }
}

TEST(imm, a_measurement_from_nowhere_keeps_the_weights_finite) {
  auto const state = updated(predicted(imm_at(start(), kDrone), seconds{1}, kDrone), seen_at(1e9, 1e9, 1.0));
  EXPECT_TRUE(std::isfinite(state.weights[kSteady]));
  EXPECT_NEAR(state.weights[kSteady] + state.weights[kManoeuvring], 1.0, 1e-12);
}

struct errors {
  double straight = 0.0;
  double turning = 0.0;
};

/// Root mean square error of position for a drone that flies straight for ten minutes and then turns by 90° in 30 s.
template <typename State, typename Ahead, typename Take, typename Out>
errors flown(State state, Ahead ahead, Take take, Out out) {
  std::mt19937_64 random{3};
  std::normal_distribution<double> noise{0.0, 100.0};
  double east = 0.0;
  double north = 0.0;
  double course = std::numbers::pi / 2.0;
  errors sum;
  int straight = 0;
  int turning = 0;
  for (int second = 1; second <= 720; ++second) {
    if (second > 600 && second <= 630) course -= std::numbers::pi / 60.0;
    east += 45.0 * std::sin(course);
    north += 45.0 * std::cos(course);
    if (second % 5 != 0) continue;
    state = take(ahead(state), seen_at(east + noise(random), north + noise(random), 100.0));
    auto const mean = out(state).mean;
    auto const squared = std::pow(mean[0] - east, 2) + std::pow(mean[1] - north, 2);
    if (second > 200 && second <= 600) sum.straight += squared, ++straight;
    if (second > 605 && second <= 660) sum.turning += squared, ++turning;
  }
  return {std::sqrt(sum.straight / straight), std::sqrt(sum.turning / turning)};
}

TEST(imm, is_quiet_on_a_straight_and_quick_in_a_turn) {
  auto const single = [](acceleration_density q) {
    return flown(
        start(), [q](auto const& s) { return predicted(s, seconds{5}, q); },
        [](auto const& s, auto const& z) { return updated(s, z); }, [](auto const& s) { return s; });
  };
  auto const quiet = single(kDrone.steady);
  auto const quick = single(kDrone.manoeuvring);
  auto const both = flown(
      imm_at(start(), kDrone), [](auto const& s) { return predicted(s, seconds{5}, kDrone); },
      [](auto const& s, auto const& z) { return updated(s, z); }, [](auto const& s) { return combined(s); });
  EXPECT_LT(both.straight, 0.85 * quick.straight);
  EXPECT_LT(both.turning, 0.5 * quiet.turning);
}

}  // namespace
}  // namespace siren
