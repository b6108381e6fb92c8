#include <sys/resource.h>

#include <algorithm>
#include <iostream>

#include "common/log.h"
#include "common/rpc_server.h"
#include "common/service_options.h"
#include "fault_rig/table.h"

namespace siren::faults {
namespace {

constexpr std::size_t kMaxPhones = 8'000;  // two file descriptors each

struct choices {
  house_options house;
  std::vector<std::string> only;
  std::string json;
};

std::optional<int> parse(int argc, char const* const* argv, choices& into) {
  CLI::App app{"Breaks a whole Siren in mid-attack, part by part, and holds what phones heard against the log",
               "siren_faults"};
  std::vector<std::string> names;
  for (auto const& each : all_scenarios()) names.push_back(each.name);
  app.add_option("--programs", into.house.programs)->required()->check(CLI::ExistingDirectory);
  app.add_option("--migrations", into.house.migrations)->required()->check(CLI::ExistingDirectory);
  app.add_option("--city", into.house.city)->required()->check(CLI::ExistingDirectory);
  app.add_option("--raid", into.house.raid)->required()->check(CLI::ExistingFile);
  app.add_option("--phones", into.house.phones)->check(CLI::Range(std::size_t{1}, kMaxPhones))->capture_default_str();
  app.add_option("--only", into.only, "scenarios to play; all of them otherwise")->check(CLI::IsMember(names));
  app.add_option("--json", into.json);
  app.add_option("--logs", into.house.logs, "a folder that keeps what every process logged, by scenario");
  app.add_option("--small-disk", into.house.small_disk, "an empty folder on a small file system");
  app.add_option("--small-journal", into.house.small_journal, "an empty folder on a very small file system");
  return parse_command_line(app, argc, argv);
}

int run(choices const& chosen) {
  std::vector<scenario_row> rows;
  std::cout << head_of_table() << std::flush;
  for (auto const& each : all_scenarios()) {
    if (!chosen.only.empty() && std::find(chosen.only.begin(), chosen.only.end(), each.name) == chosen.only.end())
      continue;
    rows.push_back(play(each, chosen.house));
    std::cout << line_of(rows.back()) << std::flush;
  }
  if (!chosen.json.empty())
    if (auto written = write_json(rows, chosen.house.phones, chosen.json); !written) {
      std::cerr << "faults: " << written.error().message << '\n';
      return 1;
    }
  auto const kept = std::all_of(rows.begin(), rows.end(), [](auto const& row) { return row.broken.empty(); });
  return kept ? 0 : 1;
}

}  // namespace
}  // namespace siren::faults

int main(int argc, char** argv) {
  siren::faults::choices chosen;
  if (auto const status = siren::faults::parse(argc, argv, chosen)) return *status;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  siren::start_logging("faults", "error", "");
  return siren::faults::run(chosen);
}
