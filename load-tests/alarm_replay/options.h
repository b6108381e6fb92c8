#pragma once

#include <optional>
#include <string>

namespace siren::replay {

struct options {
  std::string alarms;  // CSV of official alarms
  std::string json;
  int repeats = 3;
  std::size_t checkpoints = 1'000;  // moments at which the whole state is compared
};

/// Exit status when the program is not to run (help, wrong use).
[[nodiscard]] std::optional<int> parse(int argc, char const* const* argv, options& into);

}  // namespace siren::replay
