#pragma once

#include <array>
#include <string>

#include "core/base/time.h"
#include "core/track/class_traits.h"
#include "core/zone/arrival.h"
#include "core/zone/danger.h"
#include "core/zone/plausible_region.h"
#include "core/zone/source_trust.h"

namespace siren {

/// A stage is asked for when the earliest plausible arrival is this near and the zone this likely to be entered.
struct stage_rule {
  seconds earliest_within{};
  probability at_least;
};

struct class_rule {
  arrival_rule arrival;
  stage_rule prepare;
  stage_rule go;
  stage_rule take_cover;
  /// A track is looked at anew once in so long, and at once when it left its straight course: by more than half of
  /// course_sigma, by a sixth of its speed, or by a tenth of what narrowest lets it fly.
  seconds look_again{};
  seconds memory{};  // a zone's interval is the hull over the last one to two of these: loitering widens, never jumps
  seconds lower_hold{};  // take_cover or go is kept so long after it was last asked for
  seconds clear_hold{};  // prepare is kept so long after any stage was last asked for: the way to all clear
  seconds lost_hold{};   // a track that ended unseen (not destroyed) asks on for so long
  region_rule region{};  // where launches of the class, and tracks whose course says little, are not ruled out
};

struct zone_policy {
  class_table traits = kDefaultClassTable;  // of which speed bounds and coast_limit are used
  std::array<class_rule, kThreatClasses> classes;
  std::array<stage, kAlarmTypes> official_asks;
  /// Whose reports may raise a zone above what officials declared. Others show their threats within that level.
  trust_policy trust;
  /// Against flapping: a stage that comes back within `calm` of its end is next held twice as long, up to
  /// `most_hold_times` the class's hold; raising is never delayed. Alarms follow each other at half an hour's distance
  /// on the worst nights. What it comes to: kMostStageChangesAnHour.
  seconds calm{minutes{30}};
  int most_hold_times = 4;
  /// A carrier's alarm that nobody repeats or ends is over then: a MiG-31 stays up about three and a half hours with
  /// drop tanks. Every other official alarm has no maximum age.
  seconds carrier_lasts{hours{4}};
  std::size_t most_launches = 500;  // followed at a time, the newest; the largest salvos so far are some 50 missiles
  /// An interval moved materially: by more than both. A person can't use finer news; each push wakes two million
  /// phones.
  seconds least_shift{60};
  int least_shift_percent = 20;  // of the time left
  seconds update_gap{60};        // between a zone's last change and the next that brings no new level or threat
  int silent_coasts = 2;         // a track not heard of for so many coast limits is lost: its tracker is down
  std::string own_name = "siren";
  std::string operator_name = "city_operator";

  /// At most so many changes of stage an hour does one class make a leaf go through, whatever flies. A stage ends only
  /// when its hold is over: with the shortest one, of 3 minutes, at 3, 9, 21, 33, 45 and 57 minutes, six times, and it
  /// begins seven times; prepare, with 8 minutes at the least, ends three times and begins four times. Take cover and
  /// go each 6 + 7, prepare 3 + 4. Real nights stay far below (flapping_test).
  static constexpr int kMostStageChangesAnHour = 33;

  [[nodiscard]] class_rule const& of(threat_class kind) const { return classes[static_cast<std::size_t>(kind)]; }
};

[[nodiscard]] zone_policy default_zone_policy();

}  // namespace siren
