#pragma once

#include <optional>
#include <set>
#include <string>

#include "fanout_bench/play.h"

namespace siren::fanout {

struct options {
  play_options play;
  std::string scenarios;  // their folder
  std::string chosen = "all";
  std::set<kind_of_server> peers;
  int repeats = 3;  // of scenarios that peers play too
  std::string json;
};

/// Exit status when the program is not to run (help, wrong use).
[[nodiscard]] std::optional<int> parse(int argc, char const* const* argv, options& into);

}  // namespace siren::fanout
