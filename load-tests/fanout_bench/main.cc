#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

#include "common/log.h"
#include "fanout_bench/options.h"
#include "fanout_bench/plots.h"
#include "fanout_bench/rows.h"

namespace siren::fanout {
namespace {

result<played> play_all(scenario const& what, options const& asked) {
  played all{what, asked.play.tls, {}};
  std::vector<kind_of_server> kinds{kind_of_server::siren};
  if (what.for_peers) kinds.insert(kinds.end(), asked.peers.begin(), asked.peers.end());
  auto const repeats = kinds.size() > 1 ? asked.repeats : 1;
  for (int i = 0; i < repeats; ++i)
    for (auto const kind : kinds) {
      std::cout << what.name << " against " << name_of(kind) << (repeats > 1 ? ", turn " + std::to_string(i + 1) : "")
                << std::endl;
      auto told = play(what, kind, asked.play, std::cout);
      if (!told)
        return failure{told.error().why, what.name + " against " + name_of(kind) + ": " + told.error().message};
      all.told[kind].push_back(std::move(*told));
    }
  return all;
}

bool write(std::string const& file, std::string const& text) {
  std::ofstream out{file};
  out << text;
  if (out.good()) return true;
  std::cerr << "siren_fanout_bench: can't write " << file << '\n';
  return false;
}

int run(options const& asked) {
  auto const known = read_scenarios(asked.scenarios);
  if (!known) {
    std::cerr << "siren_fanout_bench: " << known.error().message << '\n';
    return 2;
  }
  auto const is_chosen = [&](scenario const& one) { return asked.chosen == "all" || asked.chosen == one.name; };
  if (std::none_of(known->begin(), known->end(), is_chosen)) {
    std::cerr << "siren_fanout_bench: no scenario \"" << asked.chosen << "\"; all, or one of:";
    for (auto const& one : *known) std::cerr << ' ' << one.name;
    std::cerr << '\n';
    return 2;
  }
  std::vector<played> plays;
  std::vector<bench::figure> figures;
  auto whole = true;
  for (auto const& one : *known) {
    if (!is_chosen(one)) continue;
    auto all = play_all(one, asked);
    if (!all) {
      std::cerr << "siren_fanout_bench: " << all.error().message << '\n';
      whole = false;
      continue;
    }
    for (auto& row : figures_of(*all)) figures.push_back(std::move(row));
    for (auto& row : ratios_of(*all)) figures.push_back(std::move(row));
    plays.push_back(std::move(*all));
  }
  bench::print_table(std::cout, figures);
  auto kept = whole && bench::all_kept(figures);
  if (!asked.json.empty()) {
    auto const plain = asked.json.ends_with(".json") ? asked.json.substr(0, asked.json.size() - 5) : asked.json;
    kept =
        write(asked.json, bench::as_json(figures).dump(2) + "\n") && write(plain + ".svg", picture_of(plays)) && kept;
  }
  std::cout << (kept ? "\nall kept\n" : "\nMISSED: see above\n");
  return kept ? 0 : 1;
}

}  // namespace
}  // namespace siren::fanout

int main(int argc, char** argv) {
  siren::fanout::options asked;
  if (auto const status = siren::fanout::parse(argc, argv, asked)) return *status;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  siren::start_logging("fanout", "error", "");
  return siren::fanout::run(asked);
}
