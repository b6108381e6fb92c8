#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

#include "guidance_bench/rows.h"

namespace siren::bench {
namespace {

int run(options const& asked) {
  report out{asked, std::cout};
  out.say("loading " + asked.city);
  auto const city = load_bench_city(asked.city, asked.people, asked.shelters);
  if (!city) {
    std::cerr << "siren_guidance_bench: " << city.error().message << '\n';
    return 1;
  }
  auto const& streets = *city->city.streets;
  auto const place = city->city.bundle.info.name_en + (streets.generated() ? " (generated)" : "") + ": " +
                     shown(static_cast<double>(streets.node_count())) + " nodes, " +
                     shown(static_cast<double>(streets.edge_count())) + " directed edges, " +
                     shown(static_cast<double>(city->walks.shelters.size())) + " shelters";
  out.say(place);
  measure_routes(out, *city);
  measure_assignment(out, *city);
  measure_changes(out, *city);
  measure_planner(out, *city);
  compare_plans(out, *city);
  check_london(out);
  check_bucharest(out);

  std::cout << '\n' << place << "\nmedian of " << asked.repeats << "; (×n): the peer's figure over ours\n";
  print_table(std::cout, out.figures());
  bool const kept = all_kept(out.figures());
  if (!asked.json.empty()) {
    nlohmann::json const whole{{"city", place}, {"kept", kept}, {"figures", as_json(out.figures())}};
    std::ofstream file{asked.json};
    file << whole.dump(2) << '\n';
    file.close();
    if (!file) {
      std::cerr << "siren_guidance_bench: can't write " << asked.json << '\n';
      return 1;
    }
  }
  std::cout << '\n' << (kept ? "every target and promise kept" : "MISSED: see above") << '\n';
  return kept ? 0 : 1;
}

}  // namespace
}  // namespace siren::bench

int main(int argc, char** argv) {
  siren::bench::options asked;
  if (auto const status = siren::bench::parse(argc, argv, asked)) return *status;
  return siren::bench::run(asked);
}
