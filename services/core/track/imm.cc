#include "core/track/imm.h"

#include <algorithm>
#include <cmath>

#include "core/base/verify.h"

namespace siren {
kalman_state moment_match(std::span<kalman_state const> of, std::span<double const> weights) {
  verify(of.size() == weights.size(), "every part of a mixture has a weight");
  kalman_state out;
  for (std::size_t mode = 0; mode < of.size(); ++mode)
    for (std::size_t i = 0; i < 4; ++i) out.mean[i] += weights[mode] * of[mode].mean[i];
  for (std::size_t mode = 0; mode < of.size(); ++mode) {
    state_vector off{};
    for (std::size_t i = 0; i < 4; ++i) off[i] = of[mode].mean[i] - out.mean[i];
    for (std::size_t row = 0; row < 4; ++row)
      for (std::size_t column = 0; column < 4; ++column)
        out.covariance[row * 4 + column] +=
            weights[mode] * (of[mode].covariance[row * 4 + column] + off[row] * off[column]);
  }
  return out;
}

imm_state imm_at(kalman_state const& state, imm_policy const& policy) {
  auto const steady = static_cast<double>(policy.steady_sojourn.count());
  auto const turning = static_cast<double>(policy.manoeuvre_sojourn.count());
  verify(steady > 0.0 && turning > 0.0, "a model lasts for some time");
  return {{state, state}, {steady / (steady + turning), turning / (steady + turning)}};
}

imm_state predicted(imm_state const& prior, fractional_seconds ahead, imm_policy const& policy) {
  auto const stay = [&](seconds sojourn) {
    return std::exp(-std::max(ahead.count(), 0.0) / static_cast<double>(sojourn.count()));
  };
  double const stays_steady = stay(policy.steady_sojourn);
  double const stays_turning = stay(policy.manoeuvre_sojourn);
  // into[from][to]
  std::array<std::array<double, 2>, 2> const into{
      {{stays_steady, 1.0 - stays_steady}, {1.0 - stays_turning, stays_turning}}};
  std::array<acceleration_density, 2> const density{policy.steady, policy.manoeuvring};
  imm_state out;
  for (std::size_t to = 0; to < 2; ++to) {
    std::array<double, 2> part{into[0][to] * prior.weights[0], into[1][to] * prior.weights[1]};
    out.weights[to] = part[0] + part[1];
    if (out.weights[to] > 0.0)
      part = {part[0] / out.weights[to], part[1] / out.weights[to]};
    else
      part = {to == 0 ? 1.0 : 0.0, to == 0 ? 0.0 : 1.0};
    out.modes[to] = predicted(moment_match(prior.modes, part), ahead, density[to]);
  }
  return out;
}

imm_state updated(imm_state const& state, measurement const& z) {
  imm_state out = state;
  std::array<double, 2> log_likelihood{};
  for (std::size_t mode = 0; mode < 2; ++mode) {
    auto const seen = innovate(state.modes[mode], z);
    log_likelihood[mode] = -0.5 * (seen.mahalanobis_squared + seen.log_determinant);
    out.modes[mode] = updated(state.modes[mode], z, seen);
  }
  // Relative to the better one, so that a far measurement does not turn both into zero.
  double const best = std::max(log_likelihood[0], log_likelihood[1]);
  double sum = 0.0;
  for (std::size_t mode = 0; mode < 2; ++mode) {
    out.weights[mode] = state.weights[mode] * std::exp(log_likelihood[mode] - best);
    sum += out.weights[mode];
  }
  if (!(sum > 0.0)) return out.weights = state.weights, out;
  for (auto& weight : out.weights) weight /= sum;
  return out;
}

kalman_state combined(imm_state const& state) {
  return moment_match(state.modes, state.weights);
}

}  // namespace siren
