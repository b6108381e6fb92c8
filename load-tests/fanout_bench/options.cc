#include "fanout_bench/options.h"

#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>

namespace siren::fanout {
namespace {

constexpr std::size_t kMostPhones = 200'000;

/// The first that is not known; empty: all are.
std::string split_peers(std::string const& text, std::set<kind_of_server>& into) {
  std::istringstream list{text};
  for (std::string one; std::getline(list, one, ',');) {
    if (one == "none") continue;
    if (one == "nchan")
      into.insert(kind_of_server::nchan);
    else if (one == "floor")
      into.insert(kind_of_server::floor);
    else
      return one;
  }
  return {};
}

}  // namespace

std::optional<int> parse(int argc, char const* const* argv, options& into) {
  CLI::App app{"Measures how alerts reach tens of thousands of phones", "siren_fanout_bench"};
  std::string peers = "none";
  app.add_option("--programs", into.play.programs)->required()->check(CLI::ExistingDirectory);
  app.add_option("--migrations", into.play.migrations)->required()->check(CLI::ExistingDirectory);
  app.add_option("--scenarios", into.scenarios)->required()->check(CLI::ExistingDirectory);
  app.add_option("--phones", into.play.phones)->required()->check(CLI::Range(std::size_t{1}, kMostPhones));
  app.add_option("--scenario", into.chosen, "name of a scenario, or all");
  app.add_option("--peers", peers, "of nchan,floor; or none");
  app.add_option("--repeats", into.repeats, "plays of what peers play too; the median counts")
      ->check(CLI::Range(1, 20));
  app.add_option("--json", into.json, "write every figure there, and plots beside it");
  app.add_flag("--tls", into.play.tls, "phones come over TLS 1.3");
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  if (auto const unknown = split_peers(peers, into.peers); !unknown.empty()) {
    std::cerr << "siren_fanout_bench: no peer \"" << unknown << "\": nchan, floor or none\n";
    return 2;
  }
  return std::nullopt;
}

}  // namespace siren::fanout
