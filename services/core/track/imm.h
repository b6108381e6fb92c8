#pragma once

#include <array>
#include <span>

#include "core/track/kalman.h"

namespace siren {

/// One object under two models of flight, both of constant velocity: steady, with the class's quiet acceleration noise,
/// and manoeuvring, with a strong one. Interacting multiple models, Blom & Bar-Shalom 1988; Bar-Shalom, Li &
/// Kirubarajan 2001, 11.6.6.
struct imm_policy {
  acceleration_density steady;
  acceleration_density manoeuvring;
  /// Mean time in one model before the other takes over; the chance to stay over dt is exp(-dt / sojourn).
  seconds steady_sojourn{120};
  seconds manoeuvre_sojourn{20};
};

inline constexpr std::size_t kSteady = 0;
inline constexpr std::size_t kManoeuvring = 1;

/// Weights are not negative and sum to 1.
struct imm_state {
  std::array<kalman_state, 2> modes;
  std::array<double, 2> weights{1.0, 0.0};
};

/// Both models at the same state; mostly steady, as one enters it from nothing known: sojourn over sum of sojourns.
[[nodiscard]] imm_state imm_at(kalman_state const& state, imm_policy const& policy);
/// Mixing, then each model ahead by itself.
[[nodiscard]] imm_state predicted(imm_state const& prior, fractional_seconds ahead, imm_policy const& policy);
/// Each model takes the measurement; weights follow the likelihoods. A measurement that neither model explains at all
/// leaves the weights.
[[nodiscard]] imm_state updated(imm_state const& state, measurement const& z);
/// The Gaussian with the mixture's mean and covariance.
[[nodiscard]] kalman_state combined(imm_state const& state);
/// The Gaussian with the first two moments of a mixture; weights, as many as states, sum to 1.
[[nodiscard]] kalman_state moment_match(std::span<kalman_state const> of, std::span<double const> weights);

}  // namespace siren
