#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fanout_bench/swarm_report.h"

namespace siren::fanout {

/// From one "window" step to the next.
struct window_told {
  std::string name;
  double seconds = 0.0;
  swarm_report heard;
  double server_cpu_s = 0.0;
  double phones_cpu_s = 0.0;
  double database_work = 0.0;
  double server_bytes = 0.0;        // at its end
  std::uint64_t peak_connects = 0;  // in one second
};

struct play_told {
  std::size_t phones = 0;
  std::size_t servers = 0;
  std::size_t zones = 0;
  std::vector<window_told> windows;
  /// Everything as "missing" or "WINDOW.p99_ms", in the order of the table.
  std::vector<std::pair<std::string, double>> numbers;
  [[nodiscard]] double number(std::string const& name) const;  // not a number: there is none
  /// What a window tells, behind what is there.
  void add_numbers_of(window_told const& one);
};

enum class kind_of_server { siren, nchan, floor };
[[nodiscard]] char const* name_of(kind_of_server kind);

}  // namespace siren::fanout
