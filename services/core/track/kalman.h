#pragma once

#include <array>
#include <chrono>

#include "core/track/class_traits.h"
#include "core/track/track.h"

namespace siren {

/// [east, north, east velocity, north velocity], m and m/s.
using state_vector = std::array<double, 4>;
/// Row-major 2 x 2.
using covariance_2 = std::array<double, 4>;

/// Gaussian belief about an object in a local plane. Covariance symmetric, positive definite.
struct kalman_state {
  state_vector mean{};
  state_covariance covariance{};
};

enum class measured_part : std::uint8_t { position = 0, velocity = 2 };

/// A direct measurement of [east, north] position or velocity.
struct measurement {
  measured_part part = measured_part::position;
  std::array<double, 2> value{};
  covariance_2 noise{};  // symmetric, positive definite
};

struct innovation {
  std::array<double, 2> residual{};
  covariance_2 covariance{};
  double mahalanobis_squared = 0.0;
  double log_determinant = 0.0;  // of covariance
};

using fractional_seconds = std::chrono::duration<double>;

/// Constant velocity with continuous white-noise acceleration: Q = q [[dt³/3, dt²/2], [dt²/2, dt]] per axis
/// (Bar-Shalom, Li, Kirubarajan: Estimation with Applications to Tracking and Navigation, 6.2.2).
[[nodiscard]] kalman_state predicted(kalman_state const& prior, fractional_seconds ahead, acceleration_density q);
[[nodiscard]] innovation innovate(kalman_state const& state, measurement const& z);
/// Joseph form, which stays symmetric and positive under rounding.
[[nodiscard]] kalman_state updated(kalman_state const& state, measurement const& z);
/// The same, of an innovation that innovate() gave for this state and measurement.
[[nodiscard]] kalman_state updated(kalman_state const& state, measurement const& z, innovation const& seen);

}  // namespace siren
