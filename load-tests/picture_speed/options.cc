#include "picture_speed/options.h"

#include <CLI/CLI.hpp>

namespace siren::picture_speed {

std::optional<int> parse(int argc, char const* const* argv, options& into) {
  CLI::App app{"Measures what a step of tracks and zones costs with a full sky", "siren_picture_speed"};
  app.add_option("--tracks", into.tracks, "objects in the air")->check(CLI::Range(10U, 5'000U));
  app.add_option("--reports", into.reports, "reports a second")->check(CLI::Range(10U, 100'000U));
  app.add_option("--seconds", into.seconds, "steps to measure, a second each")->check(CLI::Range(10U, 3'600U));
  app.add_option("--json", into.json, "write every figure there, and the plot beside it");
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  return std::nullopt;
}

}  // namespace siren::picture_speed
