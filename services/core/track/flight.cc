#include "core/track/flight.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "core/base/verify.h"

namespace siren {
namespace {

constexpr double kPlane = 2.0 * 1.8378770664093454835;  // 2 ln 2π, of two dimensions

/// A reading in a flight's plane. Its clock's error is along the way flown.
struct measured {
  measurement place;
  std::optional<measurement> motion;
};

measured in_plane(lat_lon const& origin, state_vector const& mean, reading const& seen, track_policy const& policy) {
  plane_point const at = local_plane{origin}.to_plane(seen.place);
  double const clock = std::chrono::duration<double>{policy.clock_sigma}.count();
  double const east = mean[2] * clock;
  double const north = mean[3] * clock;
  double const variance = seen.place_sigma.value * seen.place_sigma.value;
  measured out;
  out.place = {measured_part::position,
               {at.east.value, at.north.value},
               {variance + east * east, east * north, east * north, variance + north * north}};
  if (seen.velocity) {
    double const noise = seen.velocity_sigma.value * seen.velocity_sigma.value;
    out.motion = measurement{
        measured_part::velocity, {seen.velocity->east.value, seen.velocity->north.value}, {noise, 0, 0, noise}};
  }
  return out;
}

/// Mean of the models, without their covariance.
state_vector mean_of(imm_state const& models) {
  state_vector out{};
  for (std::size_t mode = 0; mode < 2; ++mode)
    for (std::size_t i = 0; i < 4; ++i) out[i] += models.weights[mode] * models.modes[mode].mean[i];
  return out;
}

struct model_fit {
  double place_squared = 0.0;
  double whole_squared = 0.0;
  double place_log_determinant = 0.0;
  double whole_log_determinant = 0.0;
};

/// Place, then velocity, by one Cholesky factor of the innovation covariance: its leading part is the place's own.
model_fit fit_model(kalman_state const& model, measured const& seen) {
  std::array<double, 4> residual{seen.place.value[0] - model.mean[0], seen.place.value[1] - model.mean[1], 0.0, 0.0};
  auto s = model.covariance;
  std::size_t const size = seen.motion ? 4 : 2;
  for (std::size_t i = 0; i < 4; ++i) s[i / 2 * 4 + i % 2] += seen.place.noise[i];
  if (seen.motion) {
    for (std::size_t i = 0; i < 4; ++i) s[(i / 2 + 2) * 4 + i % 2 + 2] += seen.motion->noise[i];
    for (std::size_t i = 0; i < 2; ++i) residual[i + 2] = seen.motion->value[i] - model.mean[i + 2];
  }
  model_fit out;
  double determinant = 1.0;
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = s[i * 4 + j];
      for (std::size_t k = 0; k < j; ++k) sum -= s[i * 4 + k] * s[j * 4 + k];
      if (i != j) {
        s[i * 4 + j] = sum / s[j * 4 + j];
        continue;
      }
      verify(sum > 0.0, "an innovation covariance is positive definite");
      determinant *= sum;
      s[i * 4 + i] = std::sqrt(sum);
    }
    for (std::size_t k = 0; k < i; ++k) residual[i] -= s[i * 4 + k] * residual[k];
    residual[i] /= s[i * 4 + i];
    out.whole_squared += residual[i] * residual[i];
    if (i == 1) out.place_squared = out.whole_squared, out.place_log_determinant = std::log(determinant);
  }
  out.whole_log_determinant = seen.motion ? std::log(determinant) : out.place_log_determinant;
  return out;
}

/// One model after one reading, and ln of the reading's likelihood under it up to a constant.
struct model_step {
  kalman_state after;
  double log_likelihood = 0.0;
  double motion_squared = 0.0;  // of the velocity, once the place is known
};

model_step take_in_model(kalman_state const& model, measured const& seen, bool turn) {
  model_step out;
  auto const place = innovate(model, seen.place);
  out.after = updated(model, seen.place, place);
  out.log_likelihood = -0.5 * (place.mahalanobis_squared + place.log_determinant);
  if (!seen.motion) return out;
  auto motion = innovate(out.after, *seen.motion);
  out.log_likelihood -= 0.5 * (motion.mahalanobis_squared + motion.log_determinant);
  out.motion_squared = motion.mahalanobis_squared;
  if (turn) {
    out.after.covariance[10] += motion.residual[0] * motion.residual[0];
    out.after.covariance[15] += motion.residual[1] * motion.residual[1];
    motion = innovate(out.after, *seen.motion);
  }
  out.after = updated(out.after, *seen.motion, motion);
  return out;
}

kalman_state scaled(kalman_state state, double by) {
  for (auto& entry : state.covariance) entry *= by;
  return state;
}

measured scaled(measured seen, double by) {
  for (auto& entry : seen.place.noise) entry *= by;
  if (seen.motion)
    for (auto& entry : seen.motion->noise) entry *= by;
  return seen;
}

/// ln det of the covariance after covariance intersection with weight `ours` on our own state: by the matrix
/// determinant lemma, det(P/w) det(R/(1-w)) / det(P/w + R/(1-w)). Constants of P and R left out.
double log_determinant_after(kalman_state const& state, measured const& seen, double ours) {
  double const size = seen.motion ? 4.0 : 2.0;
  auto const fitted = fit_model(scaled(state, 1.0 / ours), scaled(seen, 1.0 / (1.0 - ours)));
  return -4.0 * std::log(ours) - size * std::log(1.0 - ours) - fitted.whole_log_determinant;
}

/// The weight of our own state with the least determinant afterwards, by golden section: the function is convex.
double intersection_weight(kalman_state const& state, measured const& seen) {
  constexpr double kGolden = 0.6180339887498949;
  double low = 1e-3;
  double high = 1.0 - 1e-3;
  double a = high - kGolden * (high - low);
  double b = low + kGolden * (high - low);
  double at_a = log_determinant_after(state, seen, a);
  double at_b = log_determinant_after(state, seen, b);
  for (int round = 0; round < 20; ++round) {
    if (at_a < at_b) {
      high = b, b = a, at_b = at_a;
      a = high - kGolden * (high - low), at_a = log_determinant_after(state, seen, a);
    } else {
      low = a, a = b, at_a = at_b;
      b = low + kGolden * (high - low), at_b = log_determinant_after(state, seen, b);
    }
  }
  return (low + high) / 2.0;
}

imm_state intersected(imm_state const& models, measured const& seen) {
  auto const one = combined(models);
  double const ours = intersection_weight(one, seen);
  // At the end of the range the other side has nothing to add.
  if (ours > 1.0 - 2e-3) return models;
  imm_state out = models;
  for (auto& model : out.modes)
    model = take_in_model(scaled(model, 1.0 / ours), scaled(seen, 1.0 / (1.0 - ours)), false).after;
  return out;
}

imm_state taken_one(imm_state const& models, measured const& seen, track_policy const& policy) {
  std::array<model_step, 2> steps{take_in_model(models.modes[0], seen, false),
                                  take_in_model(models.modes[1], seen, false)};
  bool const turn = std::all_of(steps.begin(), steps.end(), [&](model_step const& step) {
    return step.motion_squared > policy.gate_position_velocity;
  });
  imm_state out;
  std::array<double, 2> log_likelihood{};
  for (std::size_t mode = 0; mode < 2; ++mode) {
    if (turn) steps[mode] = take_in_model(models.modes[mode], seen, true);
    out.modes[mode] = steps[mode].after;
    log_likelihood[mode] = steps[mode].log_likelihood;
  }
  double const best = std::max(log_likelihood[0], log_likelihood[1]);
  for (std::size_t mode = 0; mode < 2; ++mode)
    out.weights[mode] = models.weights[mode] * std::exp(log_likelihood[mode] - best);
  double const sum = out.weights[0] + out.weights[1];
  if (!(sum > 0.0)) return out.weights = models.weights, out;
  for (auto& weight : out.weights) weight /= sum;
  return out;
}

/// One of several, or none: each model becomes the mixture of what it would be after each.
imm_state taken_shared(imm_state const& models, std::span<measured const> seen, std::span<double const> chances,
                       track_policy const& policy) {
  double none = 1.0;
  std::array<std::vector<kalman_state>, 2> parts{std::vector{models.modes[0]}, std::vector{models.modes[1]}};
  std::vector<double> weights{0.0};
  std::array<double, 2> factor{};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    auto const after = taken_one(models, seen[i], policy);
    none -= chances[i];
    weights.push_back(chances[i]);
    for (std::size_t mode = 0; mode < 2; ++mode) {
      parts[mode].push_back(after.modes[mode]);
      factor[mode] += chances[i] * after.weights[mode];
    }
  }
  weights[0] = std::max(none, 0.0);
  double sum = 0.0;
  for (double const weight : weights) sum += weight;
  for (double& weight : weights) weight /= sum;
  imm_state out;
  for (std::size_t mode = 0; mode < 2; ++mode) {
    out.modes[mode] = moment_match(parts[mode], weights);
    out.weights[mode] = (factor[mode] + std::max(none, 0.0) * models.weights[mode]) / sum;
  }
  return out;
}

void move_plane(flight_state& flight) {
  auto const mean = mean_of(flight.models);
  flight.place = local_plane{flight.place}.to_place({meters{mean[0]}, meters{mean[1]}});
  for (auto& model : flight.models.modes) model.mean[0] -= mean[0], model.mean[1] -= mean[1];
}

}  // namespace

reading reading_of(observation const& report, track_policy const& policy) {
  auto const& traits = traits_of(policy.classes, report.kind);
  reading out;
  out.place = report.position;
  out.place_sigma = std::max(report.position_sigma.value_or(traits.position_sigma), policy.min_position_sigma);
  out.velocity = report.velocity;
  out.velocity_sigma = std::max(report.velocity_sigma.value_or(traits.velocity_sigma), policy.min_velocity_sigma);
  out.fused = report.fused;
  return out;
}

flight_state flight_from(reading const& first, utc_time at, class_traits const& traits, imm_policy const& rules) {
  double const place = std::pow(first.place_sigma.value, 2);
  double const motion =
      first.velocity ? std::pow(first.velocity_sigma.value, 2) : std::pow(traits.typical_speed.value, 2) / 2.0;
  auto const speed = first.velocity.value_or(ground_velocity{});
  kalman_state const start{{0.0, 0.0, speed.east.value, speed.north.value},
                           {place, 0, 0, 0, 0, place, 0, 0, 0, 0, motion, 0, 0, 0, 0, motion}};
  return {at, first.place, imm_at(start, rules)};
}

flight_state flight_from(track const& kept, imm_policy const& rules) {
  return {kept.updated_at, kept.position,
          imm_at({{0.0, 0.0, kept.velocity.east.value, kept.velocity.north.value}, kept.covariance}, rules)};
}

flight_state flown(flight_state const& from, utc_time to, imm_policy const& rules) {
  if (to <= from.at) return from;
  return {to, from.place, predicted(from.models, to - from.at, rules)};
}

fit fit_of(flight_state const& flight, reading const& seen, track_policy const& policy) {
  auto const z = in_plane(flight.place, mean_of(flight.models), seen, policy);
  fit out;
  out.place_squared = out.whole_squared = std::numeric_limits<double>::infinity();
  std::array<double, 2> place_surprise{};
  std::array<double, 2> whole_surprise{};
  for (std::size_t mode = 0; mode < 2; ++mode) {
    auto const fitted = fit_model(flight.models.modes[mode], z);
    out.place_squared = std::min(out.place_squared, fitted.place_squared);
    out.whole_squared = std::min(out.whole_squared, fitted.whole_squared);
    place_surprise[mode] = fitted.place_squared + fitted.place_log_determinant;
    whole_surprise[mode] = fitted.whole_squared + fitted.whole_log_determinant;
  }
  auto const mixed = [&](std::array<double, 2> const& surprise) {
    double const least = std::min(surprise[0], surprise[1]);
    double sum = 0.0;
    for (std::size_t mode = 0; mode < 2; ++mode)
      sum += flight.models.weights[mode] * std::exp(-0.5 * (surprise[mode] - least));
    // A model of weight 0 may be the only one that explains it; then it is a surprise without end, but a finite one.
    return least - 2.0 * std::log(std::max(sum, 1e-12));
  };
  out.place_surprise = mixed(place_surprise) + kPlane;
  out.whole_surprise = mixed(whole_surprise) + (z.motion ? 2.0 : 1.0) * kPlane;
  return out;
}

flight_state taken(flight_state const& flight, std::span<weighted_reading const> readings, track_policy const& policy) {
  verify(!readings.empty(), "a flight takes at least one reading");
  auto const mean = mean_of(flight.models);
  flight_state out = flight;
  if (readings.size() == 1 && readings[0].weight >= 1.0) {
    auto const z = in_plane(flight.place, mean, readings[0].seen, policy);
    out.models = readings[0].seen.fused ? intersected(flight.models, z) : taken_one(flight.models, z, policy);
  } else {
    std::vector<measured> seen;
    std::vector<double> chances;
    for (auto const& one : readings) {
      seen.push_back(in_plane(flight.place, mean, one.seen, policy));
      chances.push_back(one.weight);
    }
    out.models = taken_shared(flight.models, seen, chances, policy);
  }
  move_plane(out);
  return out;
}

kalman_state as_one(flight_state const& flight) {
  return combined(flight.models);
}

}  // namespace siren
