#pragma once

#include <map>
#include <vector>

#include "alarm_replay/history.h"

namespace siren::replay {

/// From an instant up to and without another.
struct spell {
  utc_time from;
  utc_time to;
  friend bool operator==(spell const&, spell const&) = default;
};

/// When a zone was in alarm. Spells in order, neither touching nor overlapping.
struct zone_spells {
  std::vector<spell> whole;  // it, or what it lies in
  std::vector<spell> any;    // that, or something inside it
  friend bool operator==(zone_spells const&, zone_spells const&) = default;
};

/// Straight from the rows, by sorting intervals: what an alarm logic without any cleverness must come to.
[[nodiscard]] std::map<zone_id, zone_spells> plain_spells(alarm_history const& history);

enum class plain_state : std::uint8_t { clear, partly, whole };
/// Of every zone right after everything that happened up to `at`, by looking at every row.
[[nodiscard]] std::map<zone_id, plain_state> plain_states(alarm_history const& history, utc_time at);

}  // namespace siren::replay
