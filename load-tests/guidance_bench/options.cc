#include "guidance_bench/options.h"

#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>

namespace siren::bench {
namespace {

constexpr std::uint32_t kMaxPeople = 10'000'000;

std::string split_peers(options& all) {
  std::istringstream list{all.peers};
  for (std::string one; std::getline(list, one, ',');) {
    if (one == "none") continue;
    if (one != "lemon" && one != "pgrouting" && one != "nearest") return one;
    all.chosen.insert(one);
  }
  return {};
}

}  // namespace

std::optional<int> parse(int argc, char const* const* argv, options& into) {
  CLI::App app{"Measures guidance against its targets and peers", "siren_guidance_bench"};
  app.add_option("--city", into.city, "a city bundle")->required()->check(CLI::ExistingDirectory);
  app.add_option("--data", into.data, "folder with real streets and shelters");
  app.add_option("--people", into.people)->check(CLI::Range(1'000U, kMaxPeople));
  app.add_option("--shelters", into.shelters, "thin the bundle's to these; 0: all");
  app.add_option("--peers", into.peers, "of lemon,pgrouting,nearest; or none");
  app.add_option("--osrm", into.osrm, "http://HOST:PORT of an osrm-routed with foot streets of London");
  app.add_option("--json", into.json, "write every figure there");
  app.add_option("--repeats", into.repeats, "runs of each measurement; the median counts")->check(CLI::Range(1, 99));
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  if (auto const unknown = split_peers(into); !unknown.empty()) {
    std::cerr << "siren_guidance_bench: no peer \"" << unknown << "\": lemon, pgrouting, nearest or none\n";
    return 2;
  }
  return std::nullopt;
}

}  // namespace siren::bench
