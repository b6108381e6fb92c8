#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fault_rig/house.h"

namespace siren::faults {

/// What one scenario showed: a row of the table.
struct scenario_row {
  std::string name;
  std::string skipped;  // why; then nothing else is filled in
  verdict phones;
  std::uint64_t acknowledged = 0;
  std::uint64_t lost = 0;
  std::optional<double> detected_s;                      // until something noticed
  std::optional<double> recovered_s;                     // until everybody was served again
  std::optional<std::pair<wall_time, wall_time>> fault;  // from when to when, for p99
  std::optional<milliseconds> p99;                       // of alarms raised during the fault, until phones sounded them
  std::vector<std::string> broken;                       // promises, in words; empty: all kept
};

struct scenario {
  std::string name;
  std::string about;
  /// Breaks things in a house in mid-attack and returns what it measured; the comparison of journals comes after it.
  std::function<void(house&, scenario_row&)> run;
  bool needs_small_disks = false;
  bool keeps_acknowledged = true;  // false: a copy older than the acknowledgement was put back
};

/// Limits that rows are held to; each is a number of the issue or the architecture.
struct promise_limits {
  milliseconds alarm_p99{1'500};  // while Redis or PostgreSQL is down
  double silent_redis_s = 5.0;
  double other_engine_s = 5.0;
  double resumed_share = 0.95;
  milliseconds vanished_shown{5'000};
};

[[nodiscard]] std::vector<scenario> all_scenarios(promise_limits limits = {});

/// Sets a house up, runs the scenario in it, and holds what phones heard against the log.
[[nodiscard]] scenario_row play(scenario const& what, house_options const& options, promise_limits limits = {});

}  // namespace siren::faults
