#include "core/track/kalman.h"

#include <cmath>
#include <cstddef>

#include "core/base/verify.h"

namespace siren {
namespace {

double entry(state_covariance const& m, std::size_t row, std::size_t column) {
  return m[row * 4 + column];
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
  auto const& p = prior.covariance;
  // F P F' with F = [[I, dt I], [0, I]], block by block.
  for (std::size_t row = 0; row < 2; ++row) {
    out.mean[row] += dt * prior.mean[row + 2];
    for (std::size_t column = 0; column < 2; ++column) {
      double const speeds = entry(p, row + 2, column + 2);
      out.covariance[row * 4 + column] +=
          dt * (entry(p, row, column + 2) + entry(p, row + 2, column)) + dt * dt * speeds;
      out.covariance[row * 4 + column + 2] += dt * speeds;
      out.covariance[(row + 2) * 4 + column] += dt * speeds;
    }
  }
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
  return updated(state, z, innovate(state, z));
}

kalman_state updated(kalman_state const& state, measurement const& z, innovation const& seen) {
  auto const at = static_cast<std::size_t>(z.part);
  covariance_2 const inv = inverse(seen.covariance);
  std::array<std::array<double, 2>, 4> gain{};
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 2; ++column)
      gain[row][column] =
          entry(state.covariance, row, at) * inv[column] + entry(state.covariance, row, at + 1) * inv[2 + column];

  // (I - K H) P (I - K H)' + K R K' = A - (A H' - K R) K' with A = (I - K H) P.
  kalman_state out = state;
  auto& a = out.covariance;
  for (std::size_t row = 0; row < 4; ++row) {
    out.mean[row] += gain[row][0] * seen.residual[0] + gain[row][1] * seen.residual[1];
    for (std::size_t column = 0; column < 4; ++column)
      a[row * 4 + column] -=
          gain[row][0] * entry(state.covariance, at, column) + gain[row][1] * entry(state.covariance, at + 1, column);
  }
  for (std::size_t row = 0; row < 4; ++row) {
    std::array<double, 2> const rest{a[row * 4 + at] - gain[row][0] * z.noise[0] - gain[row][1] * z.noise[2],
                                     a[row * 4 + at + 1] - gain[row][0] * z.noise[1] - gain[row][1] * z.noise[3]};
    for (std::size_t column = 0; column < 4; ++column)
      a[row * 4 + column] -= rest[0] * gain[column][0] + rest[1] * gain[column][1];
  }
  return out;
}

}  // namespace siren
