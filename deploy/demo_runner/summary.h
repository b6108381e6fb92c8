#pragma once

#include <string>

#include "demo_runner/screen.h"
#include "swarm/ledger.h"

namespace siren::demo {

struct summary {
  std::string city;
  bool generated = false;
  double speed = 1.0;
  double replayed_minutes = 0.0;
  double first_alert_seconds = -1.0;  // from the demo's start; below zero: no alert came
  moment last;
  swarm::verdict_on_delivery delivery;
  std::uint64_t log_entries = 0;

  /// Promises kept: nothing missing, out of order, late for its deadline or led to a closed station, and something
  /// delivered.
  [[nodiscard]] bool good() const;
};

[[nodiscard]] result<void> write_json(summary const& s, std::string const& file);
[[nodiscard]] std::string in_words(summary const& s);

}  // namespace siren::demo
