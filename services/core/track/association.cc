#include "core/track/association.h"

#include <algorithm>
#include <cmath>

#include "core/base/verify.h"

namespace siren {
namespace {

enum class family : std::uint8_t { any, drone, cruise, ballistic, bomb };

family family_of(threat_class kind) {
  switch (kind) {
    case threat_class::unknown:
      return family::any;
    case threat_class::drone:
    case threat_class::jet_drone:
      return family::drone;
    case threat_class::cruise_missile:
    case threat_class::supersonic_missile:
      return family::cruise;
    case threat_class::ballistic_missile:
    case threat_class::aeroballistic_missile:
    case threat_class::hypersonic_missile:
    case threat_class::surface_to_air_missile:
      return family::ballistic;
    case threat_class::guided_bomb:
      return family::bomb;
  }
  verify(false, "every class has a family");
  return family::any;
}

double position_variance(observation const& report, track_policy const& policy) {
  auto const sigma = report.position_sigma.value_or(traits_of(policy.classes, report.kind).position_sigma);
  return std::pow(std::max(sigma, policy.min_position_sigma).value, 2);
}

double velocity_variance(observation const& report, track_policy const& policy) {
  auto const sigma = report.velocity_sigma.value_or(traits_of(policy.classes, report.kind).velocity_sigma);
  return std::pow(std::max(sigma, policy.min_velocity_sigma).value, 2);
}

kalman_state state_of(track const& known) {
  return {{0.0, 0.0, known.velocity.east.value, known.velocity.north.value}, known.covariance};
}

/// A squared residual along one axis over its variance is never more than the whole Mahalanobis distance, so this
/// refuses only what the gate would refuse, without a cosine or a matrix.
bool beyond_gate_along_north(track const& known, observation const& report, double gate, track_policy const& policy) {
  double const dt = fractional_seconds{report.observed_at - known.updated_at}.count();
  double const span = std::abs(dt);
  double const residual =
      kEarthRadius.value * to_radians(report.position.lat - known.position.lat) - known.velocity.north.value * dt;
  auto const& p = known.covariance;
  double const variance = p[5] + 2.0 * std::max(dt, 0.0) * p[7] + dt * dt * p[15] +
                          traits_of(policy.classes, known.kind).maneuver.value * span * span * span / 3.0 +
                          position_variance(report, policy);
  return residual * residual > gate * variance;
}

}  // namespace

bool compatible(threat_class known, threat_class reported) {
  family const a = family_of(known);
  family const b = family_of(reported);
  return a == b || a == family::any || b == family::any;
}

threat_class upgraded(threat_class known, threat_class reported) {
  return std::max(known, reported);  // enumerators of a family stand in order of speed, unknown before all
}

aligned_pair align(track const& known, observation const& report, track_policy const& policy) {
  fractional_seconds const ahead{report.observed_at - known.updated_at};
  auto const maneuver = traits_of(policy.classes, known.kind).maneuver;
  double const position_noise = position_variance(report, policy);
  plane_point const seen = local_plane{known.position}.to_plane(report.position);

  aligned_pair out;
  out.state = state_of(known);
  out.position = {measured_part::position, {seen.east.value, seen.north.value}, {position_noise, 0, 0, position_noise}};
  double extra_velocity_noise = 0.0;
  if (ahead.count() >= 0.0) {
    out.state = predicted(out.state, ahead, maneuver);
  } else {
    double const lag = -ahead.count();
    auto const& p = known.covariance;
    double const wander = maneuver.value * lag * lag * lag / 3.0;
    out.position.value[0] += known.velocity.east.value * lag;
    out.position.value[1] += known.velocity.north.value * lag;
    out.position.noise[0] += lag * lag * p[10] + wander;
    out.position.noise[1] += lag * lag * p[11];
    out.position.noise[2] += lag * lag * p[14];
    out.position.noise[3] += lag * lag * p[15] + wander;
    extra_velocity_noise = maneuver.value * lag;
  }
  if (report.velocity) {
    double const noise = velocity_variance(report, policy) + extra_velocity_noise;
    out.velocity = measurement{
        measured_part::velocity, {report.velocity->east.value, report.velocity->north.value}, {noise, 0, 0, noise}};
  }
  return out;
}

std::optional<double> association_cost(track const& known, observation const& report, gate_kind gate,
                                       track_policy const& policy) {
  if (!compatible(known.kind, report.kind)) return std::nullopt;
  bool const judge_velocity = report.velocity && gate == gate_kind::whole;
  double const most = judge_velocity ? policy.gate_position_velocity : policy.gate_position;
  if (beyond_gate_along_north(known, report, most, policy)) return std::nullopt;
  aligned_pair const pair = align(known, report, policy);
  innovation const place = innovate(pair.state, pair.position);
  if (place.mahalanobis_squared > most) return std::nullopt;
  double const cost = place.mahalanobis_squared + place.log_determinant;
  if (!judge_velocity) return cost;
  // Position and velocity noise are independent, so judging them one after the other equals judging them together.
  innovation const motion = innovate(updated(pair.state, pair.position), *pair.velocity);
  if (place.mahalanobis_squared + motion.mahalanobis_squared > most) return std::nullopt;
  return cost + motion.mahalanobis_squared + motion.log_determinant;
}

track absorbed(track const& known, observation const& report, track_policy const& policy) {
  aligned_pair const pair = align(known, report, policy);
  kalman_state state = updated(pair.state, pair.position);
  if (pair.velocity) {
    innovation const motion = innovate(state, *pair.velocity);
    if (motion.mahalanobis_squared > policy.gate_position_velocity) {
      state.covariance[10] += motion.residual[0] * motion.residual[0];
      state.covariance[15] += motion.residual[1] * motion.residual[1];
    }
    state = updated(state, *pair.velocity);
  }

  track out = known;
  out.kind = upgraded(known.kind, report.kind);
  double const speed = std::hypot(state.mean[2], state.mean[3]);
  double const most = traits_of(policy.classes, out.kind).max_speed.value;
  double const scale = speed > most ? most / speed : 1.0;
  out.position = local_plane{known.position}.to_place({meters{state.mean[0]}, meters{state.mean[1]}});
  out.velocity = {meters_per_second{state.mean[2] * scale}, meters_per_second{state.mean[3] * scale}};
  out.covariance = state.covariance;
  if (report.observed_at >= known.updated_at) {
    out.updated_at = report.observed_at;
    out.trace = report.trace;
    out.received_at = report.received_at;
  }
  return out;
}

track born(track_id id, observation const& report, track_policy const& policy) {
  class_traits const& traits = traits_of(policy.classes, report.kind);
  track out;
  out.id = id;
  out.kind = report.kind;
  out.count = report.count;
  out.position = report.position;
  out.velocity = report.velocity.value_or(ground_velocity{});
  double const place = position_variance(report, policy);
  double const motion =
      report.velocity ? velocity_variance(report, policy) : std::pow(traits.typical_speed.value, 2) / 2.0;
  out.covariance = {place, 0, 0, 0, 0, place, 0, 0, 0, 0, motion, 0, 0, 0, 0, motion};
  out.born_at = report.observed_at;
  out.updated_at = report.observed_at;
  out.trace = report.trace;
  out.received_at = report.received_at;
  return out;
}

track predict(track const& known, utc_time at, track_policy const& policy) {
  if (at <= known.updated_at) return known;
  kalman_state const state =
      predicted(state_of(known), at - known.updated_at, traits_of(policy.classes, known.kind).maneuver);
  track out = known;
  out.position = local_plane{known.position}.to_place({meters{state.mean[0]}, meters{state.mean[1]}});
  out.covariance = state.covariance;
  out.updated_at = at;
  return out;
}

}  // namespace siren
