#pragma once

#include "core/track/class_traits.h"
#include "core/track/imm.h"

namespace siren {

struct track_policy {
  class_table classes = kDefaultClassTable;

  double gate_position = 9.21;            // chi-square, 2 degrees of freedom, 99 %
  double gate_position_velocity = 13.28;  // chi-square, 4 degrees of freedom, 99 %
  double gate_merge = 23.51;              // chi-square, 4 degrees of freedom, 99.99 %: most strays of a 99 % gate

  /// Two models of flight around the class's acceleration density: long straight legs, and short turns in which a drone
  /// at 3-4 degrees a second changes its velocity by 30 m/s between two turns of a radar.
  double steady_share = 0.05;
  double manoeuvring_share = 20.0;
  seconds steady_sojourn{120};
  seconds manoeuvre_sojourn{20};

  meters min_position_sigma{5};  // a smaller claim would freeze the filter; a civil satellite fix
  meters_per_second min_velocity_sigma{0.5};
  milliseconds clock_sigma{250};  // of a sensor's time stamps: NTP over a bad link; moves fast objects along their way

  /// How much speaks for a new object or a false report where a report comes from: as many of either as one would
  /// expect at a time in the disc that an object of the class flies out of in a minute. A raid of 800 over 600,000 km²
  /// gives 0.02 for drones.
  double strays_in_minute_disc = 0.02;
  probability detection{0.9};  // of an object within reach of a sensor that looks; sensors miss about a tenth
  probability tentative_real{
      0.3};                      // of a track not confirmed yet, against 1 of a confirmed one, when both fit a report
  double same_name_odds = 20.0;  // for a report under the name that its source last gave to this track's object

  /// Joint association instead of one-to-one: only where paths of different courses lie in one gate, and up to so many.
  /// The work grows as the permutations; five on five are 1,546 events.
  std::size_t joint_tracks = 4;
  std::size_t joint_reports = 5;
  double crossing_speed_share = 0.3;  // of the mean speed, by which two velocities differ for paths to cross (17°)

  probability class_confidence{0.9};   // of a source that doesn't say how sure it is of a class
  probability upgrade_share{0.35};     // of a faster class of the family; below an even chance, to fail toward warning
  probability unknown_share{0.8};      // of a class that no source named, by speed and height alone
  probability correction_share{0.98};  // of another family than the one that people were warned of; sources err, seldom
                                       // three times alike
  std::uint32_t odd_class_hits = 3;    // from so many reports on a track takes one that names another family's class
  double least_log_odds = -7.0;        // no class is ever less likely by reports than 1 in 1,100: sources err together

  seconds reorder_limit{30};      // a report later by more than this updates nothing; two scans of a slow radar
  std::size_t kept_reports = 48;  // of a track, for running it again: 30 s of five sensors that look every 3 s
  meters copy_distance{15};       // relays round positions to 4 decimals of a degree
  std::size_t max_tracks = 5000;  // six times the largest raid so far (823 objects)
};

[[nodiscard]] inline imm_policy flight_rules(track_policy const& policy, threat_class kind) {
  auto const density = traits_of(policy.classes, kind).maneuver;
  return {density * policy.steady_share, density * policy.manoeuvring_share, policy.steady_sojourn,
          policy.manoeuvre_sojourn};
}

}  // namespace siren
