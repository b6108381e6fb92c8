#pragma once

#include <optional>
#include <string>

#include "demo_runner/screen.h"
#include "swarm/ledger.h"

namespace siren::demo {

/// What the plan made of the night's worst moment, beside everybody's nearest open shelter.
struct planned_night {
  std::uint64_t people = 0;
  std::uint64_t in_time = 0;
  std::uint32_t overfull_shelters = 0;
  std::uint64_t nearest_in_time = 0;
  std::uint32_t nearest_overfull_shelters = 0;
  std::uint64_t nearest_over_capacity = 0;
  std::uint32_t zones_with_deadline = 0;
};

struct summary {
  std::string city;
  bool generated = false;
  double speed = 1.0;
  double replayed_minutes = 0.0;
  double first_alert_seconds = -1.0;  // from the demo's start; below zero: no alert came
  moment last;
  swarm::verdict_on_delivery delivery;
  std::uint64_t log_entries = 0;
  std::optional<planned_night> plan{};  // absent: the planner did not tell

  /// Promises kept: nothing missing, out of order, late for its deadline or led to a closed station, no shelter planned
  /// overfull, and something delivered.
  [[nodiscard]] bool good() const;
};

[[nodiscard]] result<void> write_json(summary const& s, std::string const& file);
[[nodiscard]] std::string in_words(summary const& s);

}  // namespace siren::demo
