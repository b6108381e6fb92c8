#include "raid_trial/options.h"

#include <CLI/CLI.hpp>

namespace siren::raids {

std::optional<int> parse(int argc, char const* const* argv, options& into) {
  CLI::App app{"Plays generated raids through the tracker and a plain one and measures both against the truth",
               "siren_raid_trial"};
  app.add_option("--seeds", into.seeds, "raids to play")->check(CLI::Range(1U, 100'000U));
  app.add_option("--first-seed", into.first_seed, "seed of the first raid; the others follow");
  app.add_option("--threads", into.threads, "raids played at once")->check(CLI::Range(1U, 64U));
  app.add_option("--drones", into.drones, "in each raid")->check(CLI::Range(1U, 2'000U));
  app.add_option("--missiles", into.missiles, "in each raid")->check(CLI::Range(0U, 200U));
  app.add_option("--json", into.json, "write every figure there, and plots beside it");
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  return std::nullopt;
}

}  // namespace siren::raids
