#include "alarm_replay/options.h"

#include <CLI/CLI.hpp>

namespace siren::replay {

std::optional<int> parse(int argc, char const* const* argv, options& into) {
  CLI::App app{"Replays official alarms through the alarm logic and compares with a plain recomputation",
               "siren_alarm_replay"};
  app.add_option("--alarms", into.alarms, "CSV of official alarms")->required()->check(CLI::ExistingFile);
  app.add_option("--json", into.json, "write every figure there");
  app.add_option("--repeats", into.repeats, "runs of the measurement; the median counts")->check(CLI::Range(1, 99));
  app.add_option("--checkpoints", into.checkpoints, "moments at which the whole state is compared")
      ->check(CLI::Range(1, 100'000));
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  return std::nullopt;
}

}  // namespace siren::replay
