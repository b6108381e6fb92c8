#pragma once

#include <array>

#include "core/track/flight.h"

namespace siren {

/// Whether a report of one class may belong to a track of another: the same family, or either unknown. Families are
/// drones; cruise and supersonic missiles; what falls: ballistic, aeroballistic, hypersonic, surface-to-air; bombs.
[[nodiscard]] bool compatible(threat_class known, threat_class reported);

/// What reports say of an object's class: ln of the likelihood of all of them under each class, the highest 0, none
/// below the policy's least_log_odds. Index 0, unknown, is not a class and stays 0.
struct class_belief {
  std::array<double, kThreatClasses> log_odds{};
};
/// Chance of each class, 1 in all; index 0 is 0.
using class_shares = std::array<double, kThreatClasses>;

/// As one report of the class would leave it.
[[nodiscard]] class_belief class_belief_of(threat_class kind, track_policy const& policy);

/// A source takes a class for another of the family four times as often as for one outside it. Heights count little
/// each, since one sensor's heights err together.
void hear(class_belief& belief, observation const& report, track_policy const& policy);

/// With what is known of the speed now. It is weighed once and not per report, since estimates of one speed are one
/// piece of evidence; while it is less sure than 15 % it says nothing.
[[nodiscard]] class_shares shares_of(class_belief const& belief, kalman_state const& motion,
                                     track_policy const& policy);

/// How much likelier what a report says of the class is from an object of these shares than from any other one.
[[nodiscard]] double odds_of_saying(observation const& report, class_shares const& shares, track_policy const& policy);

/// What a track is called.
struct class_standing {
  threat_class known = threat_class::unknown;
  bool named = false;    // some report named a class; without, the likeliest needs the policy's unknown_share
  bool settled = false;  // confirmed: people have been warned of it
};
/// The class of a track: the likeliest, and within its family a faster one with the policy's upgrade_share already.
/// Settled, it goes up its family, since a warning given for the faster one stands; down it, or into another family,
/// only with the policy's correction_share: a source was wrong at first.
[[nodiscard]] threat_class judged_class(class_standing const& standing, class_shares const& shares,
                                        track_policy const& policy);

}  // namespace siren
