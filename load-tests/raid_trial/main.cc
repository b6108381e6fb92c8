#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

#include <nlohmann/json.hpp>

#include "raid_trial/options.h"
#include "raid_trial/trial.h"
#include "raid_trial/trial_rows.h"

namespace siren::raids {
namespace {

raid_plan plan_of(options const& asked, std::uint64_t seed) {
  raid_plan plan;
  plan.seed = seed;
  plan.drones = asked.drones;
  plan.decoys = asked.drones * 15 / 100;
  plan.ballistic_missiles = asked.missiles * 3 / 10;
  plan.supersonic_missiles = asked.missiles / 10;
  plan.cruise_missiles = asked.missiles - plan.ballistic_missiles - plan.supersonic_missiles;
  return plan;
}

void tell(trial_figures const& one) {
  std::printf(
      "  raid %llu: %zu objects, %zu reports, %zu of nothing; GOSPA %.1f km, plain %.1f km; missed zones %zu of %zu\n",
      static_cast<unsigned long long>(one.seed), one.objects, one.reports, one.clutter, one.ours.picture.gospa_m / 1e3,
      one.plain.picture.gospa_m / 1e3, one.ours.zones.missed, one.ours.zones.visits);
  std::fflush(stdout);
}

std::vector<trial_figures> play(options const& asked, zone_map const& zones) {
  std::vector<trial_figures> all(asked.seeds);
  std::atomic<std::uint32_t> next{0};
  std::mutex telling;
  std::vector<std::thread> workers;
  for (std::uint32_t i = 0; i < asked.threads; ++i)
    workers.emplace_back([&] {
      for (auto mine = next++; mine < asked.seeds; mine = next++) {
        all[mine] = run_trial(make_case(plan_of(asked, asked.first_seed + mine)), zones);
        std::lock_guard const lock{telling};
        tell(all[mine]);
      }
    });
  for (auto& worker : workers) worker.join();
  return all;
}

bool write(std::filesystem::path const& path, std::string const& text) {
  std::ofstream file{path};
  file << text;
  file.close();
  if (!file) std::cerr << "siren_raid_trial: can't write " << path.string() << '\n';
  return static_cast<bool>(file);
}

/// The figures, and plots beside them.
bool keep(options const& asked, std::vector<trial_figures> const& raids, std::vector<bench::figure> const& rows) {
  std::filesystem::path const path{asked.json};
  nlohmann::json const all{{"seeds", asked.seeds},          {"first_seed", asked.first_seed},
                           {"drones", asked.drones},        {"missiles", asked.missiles},
                           {"kept", bench::all_kept(rows)}, {"figures", bench::as_json(rows)},
                           {"raids", raids_as_json(raids)}};
  if (!write(path, all.dump(2) + '\n')) return false;
  for (auto const& [name, svg] : plots_of(raids)) {
    auto const plot = path.parent_path() / (path.stem().string() + '-' + name + ".svg");
    if (!write(plot, svg)) return false;
    std::cout << "plot: " << plot.string() << '\n';
  }
  return true;
}

int run(options const& asked) {
  auto const zones = zone_map::build(make_zones({}));
  if (!zones.ok()) {
    std::cerr << "siren_raid_trial: " << zones.error().message << '\n';
    return 1;
  }
  auto const raids = play(asked, *zones);
  auto const rows = rows_of(raids);
  bench::print_table(std::cout, rows);
  if (!asked.json.empty() && !keep(asked, raids, rows)) return 1;
  bool const kept = bench::all_kept(rows);
  std::cout << '\n' << (kept ? "every target kept" : "MISSED: see above") << '\n';
  return kept ? 0 : 1;
}

}  // namespace
}  // namespace siren::raids

int main(int argc, char** argv) {
  siren::raids::options asked;
  if (auto const status = siren::raids::parse(argc, argv, asked)) return *status;
  return siren::raids::run(asked);
}
