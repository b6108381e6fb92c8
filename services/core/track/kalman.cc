#include "core/track/kalman.h"

#include <cmath>
#include <cstddef>

#include "core/base/verify.h"

namespace siren {
namespace {

double entry(state_covariance const& m, std::size_t row, std::size_t column) {
  return m[row * 4 + column];
}

state_covariance product(state_covariance const& a, state_covariance const& b) {
  state_covariance out{};
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t inner = 0; inner < 4; ++inner)
      for (std::size_t column = 0; column < 4; ++column)
        out[row * 4 + column] += entry(a, row, inner) * entry(b, inner, column);
  return out;
}

state_covariance transposed(state_covariance const& m) {
  state_covariance out{};
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 4; ++column) out[column * 4 + row] = entry(m, row, column);
  return out;
}

double determinant(covariance_2 const& m) {
  return m[0] * m[3] - m[1] * m[2];
}

covariance_2 inverse(covariance_2 const& m) {
  double const det = determinant(m);
  return {m[3] / det, -m[1] / det, -m[2] / det, m[0] / det};
}

}  // namespace

kalman_state predicted(kalman_state const& prior, fractional_seconds ahead, acceleration_density q) {
  double const dt = ahead.count();
  kalman_state out = prior;
  for (std::size_t axis = 0; axis < 2; ++axis) out.mean[axis] += dt * prior.mean[axis + 2];
  state_covariance const step{1, 0, dt, 0, 0, 1, 0, dt, 0, 0, 1, 0, 0, 0, 0, 1};
  out.covariance = product(product(step, prior.covariance), transposed(step));
  for (std::size_t axis = 0; axis < 2; ++axis) {
    std::size_t const velocity = axis + 2;
    out.covariance[axis * 4 + axis] += q.value * dt * dt * dt / 3.0;
    out.covariance[axis * 4 + velocity] += q.value * dt * dt / 2.0;
    out.covariance[velocity * 4 + axis] += q.value * dt * dt / 2.0;
    out.covariance[velocity * 4 + velocity] += q.value * dt;
  }
  return out;
}

innovation innovate(kalman_state const& state, measurement const& z) {
  auto const at = static_cast<std::size_t>(z.part);
  innovation out;
  for (std::size_t row = 0; row < 2; ++row) {
    out.residual[row] = z.value[row] - state.mean[at + row];
    for (std::size_t column = 0; column < 2; ++column)
      out.covariance[row * 2 + column] = entry(state.covariance, at + row, at + column) + z.noise[row * 2 + column];
  }
  double const det = determinant(out.covariance);
  verify(det > 0.0, "an innovation covariance is positive definite");
  covariance_2 const inv = inverse(out.covariance);
  auto const [x, y] = out.residual;
  out.mahalanobis_squared = x * (inv[0] * x + inv[1] * y) + y * (inv[2] * x + inv[3] * y);
  out.log_determinant = std::log(det);
  return out;
}

kalman_state updated(kalman_state const& state, measurement const& z) {
  auto const at = static_cast<std::size_t>(z.part);
  innovation const seen = innovate(state, z);
  covariance_2 const inv = inverse(seen.covariance);
  std::array<std::array<double, 2>, 4> gain{};
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 2; ++column)
      gain[row][column] =
          entry(state.covariance, row, at) * inv[column] + entry(state.covariance, row, at + 1) * inv[2 + column];

  kalman_state out = state;
  state_covariance rest{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};  // I - K H
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 2; ++column) {
      out.mean[row] += gain[row][column] * seen.residual[column];
      rest[row * 4 + at + column] -= gain[row][column];
    }
  out.covariance = product(product(rest, state.covariance), transposed(rest));
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 2; ++j)
          out.covariance[row * 4 + column] += gain[row][i] * z.noise[i * 2 + j] * gain[column][j];
  return out;
}

}  // namespace siren
