#pragma once

#include <array>
#include <string>

#include "core/base/time.h"
#include "core/track/class_traits.h"
#include "core/zone/arrival.h"
#include "core/zone/danger.h"

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
  seconds memory{};  // a zone's interval is the hull over the last one to two of these: loitering widens, never jumps
  seconds lower_hold{};  // take_cover or go is kept so long after it was last asked for
  seconds clear_hold{};  // prepare is kept so long after any stage was last asked for: the way to all clear
  seconds lost_hold{};   // a track that ended unseen (not destroyed) asks on for so long
};

struct zone_policy {
  class_table traits = kDefaultClassTable;  // of which speed bounds and coast_limit are used
  std::array<class_rule, kThreatClasses> classes;
  std::array<stage, 7> official_asks;  // by alarm_type
  /// An interval moved materially: by more than both. A person can't use finer news; each push wakes two million
  /// phones.
  seconds least_shift{60};
  int least_shift_percent = 20;  // of the time left
  seconds update_gap{60};        // between a zone's last change and the next that brings no new level or threat
  int silent_coasts = 2;         // a track not heard of for so many coast limits is lost: its tracker is down
  std::string own_name = "siren";
  std::string operator_name = "city_operator";

  [[nodiscard]] class_rule const& of(threat_class kind) const { return classes[static_cast<std::size_t>(kind)]; }
};

[[nodiscard]] zone_policy default_zone_policy();

}  // namespace siren
