#include "core/track/kalman.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace siren {
namespace {

/// The reference orders its state [east, east velocity, north, north velocity].
constexpr std::array<std::size_t, 4> kReferenceIndex{0, 2, 1, 3};

double number(nlohmann::json const& value) {
  return (value.is_array() ? value.at(0) : value).get<double>();
}

void expect_close(double ours, double reference, std::string const& what) {
  EXPECT_NEAR(ours, reference, 1e-6 * std::max(1.0, std::abs(reference))) << what;
}

void expect_state(kalman_state const& ours, nlohmann::json const& mean, nlohmann::json const& covariance,
                  std::string const& what) {
  for (std::size_t row = 0; row < 4; ++row) {
    expect_close(ours.mean[row], number(mean.at(kReferenceIndex[row])), what + " mean");
    for (std::size_t column = 0; column < 4; ++column)
      expect_close(ours.covariance[row * 4 + column],
                   covariance.at(kReferenceIndex[row]).at(kReferenceIndex[column]).get<double>(), what + " covariance");
  }
}

TEST(kalman_filter, reproduces_reference_numbers) {
  std::filesystem::path const file = std::filesystem::path{SIREN_SOURCE_DIR} / "tests/references/kalman_cv.json";
  std::ifstream in{file};
  ASSERT_TRUE(in) << file;
  auto const reference = nlohmann::json::parse(in);

  kalman_state state;
  for (std::size_t row = 0; row < 4; ++row) {
    state.mean[row] = number(reference.at("prior_mean").at(kReferenceIndex[row]));
    for (std::size_t column = 0; column < 4; ++column)
      state.covariance[row * 4 + column] =
          reference.at("prior_cov").at(kReferenceIndex[row]).at(kReferenceIndex[column]).get<double>();
  }
  ASSERT_FALSE(reference.at("steps").empty());
  int number_of_step = 0;
  for (auto const& step : reference.at("steps")) {
    std::string const name = "step " + std::to_string(number_of_step++);
    state = predicted(state, fractional_seconds{step.at("dt").get<double>()}, acceleration_density{0.5});
    expect_state(state, step.at("pred_mean"), step.at("pred_cov"), name + " predicted");
    measurement z;
    for (std::size_t row = 0; row < 2; ++row) {
      z.value[row] = number(step.at("z").at(row));
      for (std::size_t column = 0; column < 2; ++column)
        z.noise[row * 2 + column] = step.at("R").at(row).at(column).get<double>();
    }
    innovation const seen = innovate(state, z);
    for (std::size_t row = 0; row < 2; ++row) {
      expect_close(seen.residual[row], number(step.at("innov").at(row)), name + " residual");
      for (std::size_t column = 0; column < 2; ++column)
        expect_close(seen.covariance[row * 2 + column], step.at("S").at(row).at(column).get<double>(), name + " S");
    }
    expect_close(seen.mahalanobis_squared, number(step.at("maha2")), name + " distance");
    double const log_likelihood =
        -0.5 * (seen.mahalanobis_squared + seen.log_determinant + 2.0 * std::log(2.0 * std::numbers::pi));
    expect_close(log_likelihood, number(step.at("loglik")), name + " likelihood");
    state = updated(state, z);
    expect_state(state, step.at("post_mean"), step.at("post_cov"), name + " updated");
  }
}

kalman_state vague_state() {
  kalman_state state;
  state.mean = {100, 200, 40, -10};
  state.covariance = {1e4, 0, 0, 0, 0, 1e4, 0, 0, 0, 0, 400, 0, 0, 0, 0, 400};
  return state;
}

TEST(kalman_filter, two_predictions_equal_one_of_their_sum) {
  acceleration_density const q{3};
  kalman_state const once = predicted(vague_state(), fractional_seconds{50}, q);
  kalman_state const twice = predicted(predicted(vague_state(), fractional_seconds{20}, q), fractional_seconds{30}, q);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(once.mean[i], twice.mean[i], 1e-9);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(once.covariance[i], twice.covariance[i], 1e-6);
}

TEST(kalman_filter, measured_velocity_moves_velocity_and_leaves_an_uncorrelated_position) {
  measurement const z{measured_part::velocity, {60, 10}, {100, 0, 0, 100}};
  kalman_state const after = updated(vague_state(), z);
  EXPECT_NEAR(after.mean[0], 100, 1e-9);
  EXPECT_NEAR(after.mean[2], 40 + 20 * 0.8, 1e-9);
  EXPECT_NEAR(after.mean[3], -10 + 20 * 0.8, 1e-9);
  EXPECT_NEAR(after.covariance[10], 80, 1e-9);
}

TEST(kalman_filter, stays_symmetric_over_a_long_run) {
  kalman_state state = vague_state();
  for (int step = 0; step < 10'000; ++step) {
    state = predicted(state, fractional_seconds{0.1 + step % 7}, acceleration_density{1});
    state = updated(state, {measured_part::position, {step * 40.0, -step * 10.0}, {25, 3, 3, 9e6}});
    for (std::size_t row = 0; row < 4; ++row) {
      ASSERT_GT(state.covariance[row * 5], 0.0);
      for (std::size_t column = 0; column < row; ++column)
        ASSERT_NEAR(state.covariance[row * 4 + column], state.covariance[column * 4 + row], 1e-6);
    }
  }
}

}  // namespace
}  // namespace siren
