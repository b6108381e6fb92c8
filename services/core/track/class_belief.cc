#include "core/track/class_belief.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace siren {
namespace {

constexpr double kWithinFamily = 0.8;   // of a source's mistakes
constexpr double kLeastOfSpeed = 1e-3;  // speeds of mixed-up objects happen
constexpr double kSureSpeed = 0.15;
constexpr double kHeightWeight = 0.3;
constexpr double kHeightSigma = 500.0;  // m; of radars without a height finder and of spotters' guesses

enum class family : std::uint8_t { any, drone, cruise, ballistic, bomb };

constexpr family family_of(threat_class kind) {
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
  return family::any;
}

constexpr threat_class class_at(std::size_t index) {
  return static_cast<threat_class>(index);
}

/// Of each class, how many are of its family.
constexpr std::array<double, kThreatClasses> count_members() {
  std::array<double, kThreatClasses> counts{};
  for (std::size_t of = 0; of < kThreatClasses; ++of)
    for (std::size_t c = 1; c < kThreatClasses; ++c)
      counts[of] += family_of(class_at(c)) == family_of(class_at(of)) ? 1.0 : 0.0;
  return counts;
}
constexpr auto kMembers = count_members();

/// Chance that a source of this reliability says `said` of an object that is `truly`.
double chance_said(threat_class said, threat_class truly, double reliability) {
  if (said == truly) return reliability;
  double const mistaken = 1.0 - reliability;
  double const kin = kMembers[static_cast<std::size_t>(truly)] - 1.0;
  double const strangers = static_cast<double>(kThreatClasses) - 2.0 - kin;
  double const within = kin > 0.0 ? kWithinFamily : 0.0;
  // Not more often than it is right, however unsure.
  if (family_of(said) == family_of(truly)) return std::min(reliability, mistaken * within / kin);
  return mistaken * (1.0 - within) / strangers;
}

double reliability_of(observation const& report, track_policy const& policy) {
  return std::clamp(report.class_confidence.value_or(policy.class_confidence).value, 1.0 / kThreatClasses, 0.999);
}

double below(double x) {
  constexpr double kFar = 6.0;  // 1e-9 of the mass lies beyond
  if (x > kFar) return 1.0;
  if (x < -kFar) return 0.0;
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

}  // namespace

bool compatible(threat_class known, threat_class reported) {
  family const a = family_of(known);
  family const b = family_of(reported);
  return a == b || a == family::any || b == family::any;
}

class_belief class_belief_of(threat_class kind, track_policy const& policy) {
  class_belief belief;
  observation said;
  said.kind = kind;
  hear(belief, said, policy);
  return belief;
}

void hear(class_belief& belief, observation const& report, track_policy const& policy) {
  if (report.kind == threat_class::unknown && !report.altitude) return;
  double const reliability = reliability_of(report, policy);
  auto& odds = belief.log_odds;
  for (std::size_t c = 1; c < kThreatClasses; ++c) {
    if (report.kind != threat_class::unknown) odds[c] += std::log(chance_said(report.kind, class_at(c), reliability));
    if (!report.altitude) continue;
    double const above = std::max(0.0, report.altitude->value - policy.classes[c].max_altitude.value) / kHeightSigma;
    odds[c] -= kHeightWeight * std::min(0.5 * above * above, -policy.least_log_odds);
  }
  double const best = *std::max_element(odds.begin() + 1, odds.end());
  for (std::size_t c = 1; c < kThreatClasses; ++c) odds[c] = std::max(odds[c] - best, policy.least_log_odds);
}

class_shares shares_of(class_belief const& belief, kalman_state const& motion, track_policy const& policy) {
  double const speed = std::hypot(motion.mean[2], motion.mean[3]);
  double const sigma = std::sqrt(std::max(motion.covariance[10], motion.covariance[15]));
  bool const sure = sigma < kSureSpeed * speed;
  class_shares shares{};
  double sum = 0.0;
  for (std::size_t c = 1; c < kThreatClasses; ++c) {
    auto const& traits = policy.classes[c];
    shares[c] = std::exp(belief.log_odds[c]);
    if (sure)
      shares[c] *= std::max(kLeastOfSpeed, below((traits.max_speed.value - speed) / sigma) -
                                               below((traits.min_speed.value - speed) / sigma));
    sum += shares[c];
  }
  for (auto& share : shares) share /= sum;
  return shares;
}

double odds_of_saying(observation const& report, class_shares const& shares, track_policy const& policy) {
  auto const said = report.kind;
  double const reliability = reliability_of(report, policy);
  if (said == threat_class::unknown) return 1.0;
  double chance = 0.0;
  for (std::size_t c = 1; c < kThreatClasses; ++c)
    if (shares[c] > 0.0) chance += shares[c] * chance_said(said, class_at(c), reliability);
  return chance * (static_cast<double>(kThreatClasses) - 1.0);
}

threat_class judged_class(class_standing const& standing, class_shares const& shares, track_policy const& policy) {
  auto const best = std::max_element(shares.begin() + 1, shares.end());
  auto const likeliest = class_at(static_cast<std::size_t>(best - shares.begin()));
  auto judged = standing.known;
  if (judged == threat_class::unknown) {
    if (!standing.named && *best < policy.unknown_share.value) return judged;
    judged = likeliest;
  } else if (!standing.settled) {
    judged = likeliest;
  } else if (likeliest != judged) {
    bool const kin = family_of(likeliest) == family_of(judged);
    double other = 0.0;
    for (std::size_t c = 1; c < kThreatClasses; ++c)
      if (family_of(class_at(c)) == family_of(likeliest) && !(kin && class_at(c) >= judged)) other += shares[c];
    if (other >= policy.correction_share.value) judged = likeliest;
  }
  // Enumerators of a family stand in order of speed.
  double faster = 0.0;
  double family_sum = 0.0;
  auto fastest = judged;
  double fastest_share = 0.0;
  for (std::size_t c = 1; c < kThreatClasses; ++c) {
    if (family_of(class_at(c)) != family_of(judged)) continue;
    family_sum += shares[c];
    if (class_at(c) <= judged) continue;
    faster += shares[c];
    if (shares[c] > fastest_share) fastest = class_at(c), fastest_share = shares[c];
  }
  return faster >= policy.upgrade_share.value * family_sum && faster > 0.0 ? fastest : judged;
}

}  // namespace siren
