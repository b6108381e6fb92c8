#include "operators_bench/options.h"

#include "common/service_options.h"

namespace siren::operators {

std::optional<int> parse(int argc, char const* const* argv, bench_options& into) {
  CLI::App app{"Measures what operators rely on, over a whole Siren of real processes", "siren_operators"};
  app.add_option("--programs", into.programs)->required()->check(CLI::ExistingDirectory);
  app.add_option("--migrations", into.migrations)->required()->check(CLI::ExistingDirectory);
  app.add_option("--city", into.city)->required()->check(CLI::ExistingDirectory);
  app.add_option("--json", into.json);
  app.add_option("--only", into.only)->check(CLI::IsMember({"approvals", "closing", "writers"}));
  app.add_option("--phones", into.phones)->check(CLI::Range(50U, 4'000U))->capture_default_str();
  app.add_option("--closings", into.closings)->check(CLI::Range(1U, 100U))->capture_default_str();
  app.add_option("--writers", into.writers)->check(CLI::Range(1U, 256U))->capture_default_str();
  app.add_option("--updates", into.updates)->check(CLI::Range(100U, 100'000U))->capture_default_str();
  app.add_option("--batch", into.batch)->check(CLI::Range(1U, 10'000U))->capture_default_str();
  app.add_option("--kills", into.kills)->check(CLI::Range(0U, 10U))->capture_default_str();
  app.add_option("--tries", into.tries)->check(CLI::Range(8U, 100'000U))->capture_default_str();
  return parse_command_line(app, argc, argv);
}

}  // namespace siren::operators
