#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <iostream>

#include "common/log.h"
#include "operators_bench/rows.h"

namespace siren::operators {
namespace {

struct part {
  char const* name;
  row (*measure)(duty_room&, bench_options const&);
};
// In this order: nothing sounds while approvals race, and the registry is killed last.
constexpr std::array<part, 3> kParts{
    {{"approvals", approvals_row}, {"closing", closing_row}, {"writers", writers_row}}};

int run(bench_options const& options) {
  auto const room = duty_room::start(options);
  if (!room) {
    std::cerr << "operators: " << room.error().message << '\n';
    return 1;
  }
  auto rows = row::array();
  for (auto const& each : kParts) {
    if (!options.only.empty() && std::find(options.only.begin(), options.only.end(), each.name) == options.only.end())
      continue;
    rows.push_back(each.measure(**room, options));
    std::cout << rows.back().dump(2) << std::endl;
  }
  auto const kept = std::all_of(rows.begin(), rows.end(), [](auto const& one) { return one["broken"].empty(); });
  if (!options.json.empty()) {
    std::ofstream out{options.json};
    out << row{{"kept", kept}, {"rows", rows}}.dump(2) << '\n';
    if (!out.flush()) {
      std::cerr << "operators: can't write " << options.json << '\n';
      return 1;
    }
  }
  return kept ? 0 : 1;
}

}  // namespace
}  // namespace siren::operators

int main(int argc, char** argv) {
  siren::operators::bench_options options;
  if (auto const status = siren::operators::parse(argc, argv, options)) return *status;
  std::signal(SIGPIPE, SIG_IGN);
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  siren::start_logging("operators", "error", "");
  return siren::operators::run(options);
}
