#include <filesystem>
#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

#include "guidance_bench/figure.h"
#include "picture_metrics/line_chart.h"
#include "picture_speed/options.h"
#include "picture_speed/step_cost.h"

namespace siren::picture_speed {
namespace {

using bench::at_most;
using bench::figure;
using bench::median;
using bench::percentile;

constexpr double kMostMs = 50.0;
// Of the memory after the warm-up: kept reports of every track are full by then or soon after.
constexpr double kMostGrowth = 1.5;

sky_plan plan_of(options const& asked, std::uint32_t tracks) {
  sky_plan plan;
  plan.objects = tracks;
  plan.reports_per_second =
      static_cast<std::uint32_t>(static_cast<double>(asked.reports) / asked.tracks * static_cast<double>(tracks));
  return plan;
}

std::vector<figure> rows_of(options const& asked, step_costs const& cost, std::size_t zones) {
  auto const part = std::to_string(asked.tracks) + " objects, " + std::to_string(zones) +
                    " zones, one second a step, processor time of one core";
  std::vector<figure> rows;
  auto const add = [&](std::string what, std::string unit, double value, std::optional<bench::bound> target = {},
                       std::string note = {}) {
    rows.push_back({part, std::move(what), std::move(unit), {value}, target, {}, std::move(note)});
  };
  auto const steps = static_cast<double>(cost.whole_ms.size());
  add("reports a step", "", static_cast<double>(cost.reports) / steps);
  add("whole step, median", "ms", median(cost.whole_ms), at_most(kMostMs));
  add("whole step, p99", "ms", percentile(cost.whole_ms, 0.99), at_most(kMostMs));
  add("scan and tick of the tracker, median", "ms", median(cost.tracks_ms));
  add("zones, median", "ms", median(cost.zones_ms));
  add("confirmed tracks at the end", "", static_cast<double>(cost.confirmed));
  add("tentative tracks at the end", "", static_cast<double>(cost.tentative));
  add("approaches that zones remember at the end", "", static_cast<double>(cost.sightings));
  add("zone changes a step", "", static_cast<double>(cost.zone_changes) / steps);
  add("memory after the warm-up", "MiB", cost.memory_after_warm_up);
  add("memory at half time", "MiB", cost.memory_at_half);
  add("memory at the end, of that at half time", "", cost.memory_at_end / cost.memory_at_half, at_most(kMostGrowth),
      bench::shown(cost.memory_at_end) + " MiB");
  return rows;
}

struct cost_curve {
  std::vector<std::uint32_t> tracks;
  picture_metrics::chart_line whole{"whole step, median", {}};
  picture_metrics::chart_line worst{"whole step, p99", {}};
  picture_metrics::chart_line tracker{"tracker", {}};
  picture_metrics::chart_line zones{"zones", {}};

  void add(std::uint32_t count, step_costs const& cost) {
    tracks.push_back(count);
    whole.points.emplace_back(count, median(cost.whole_ms));
    worst.points.emplace_back(count, percentile(cost.whole_ms, 0.99));
    tracker.points.emplace_back(count, median(cost.tracks_ms));
    zones.points.emplace_back(count, median(cost.zones_ms));
  }
  [[nodiscard]] std::string svg(options const& asked) const {
    auto const rate = bench::shown(static_cast<double>(asked.reports) / asked.tracks);
    return picture_metrics::as_svg({"A step of the threat picture, " + rate + " reports a second each",
                                    "objects in the air",
                                    "ms of one core a step",
                                    {whole, worst, tracker, zones},
                                    std::pair{0.0, kMostMs}});
  }
  [[nodiscard]] nlohmann::json json() const {
    auto all = nlohmann::json::array();
    for (std::size_t i = 0; i < tracks.size(); ++i)
      all.push_back({{"tracks", tracks[i]},
                     {"whole_ms", whole.points[i].second},
                     {"whole_p99_ms", worst.points[i].second},
                     {"tracker_ms", tracker.points[i].second},
                     {"zones_ms", zones.points[i].second}});
    return all;
  }
};

cost_curve measure_curve(options const& asked, zone_map const& zones, step_costs const& at_asked) {
  constexpr std::uint32_t kSteps = 30;
  cost_curve curve;
  bool told = false;
  for (auto const share : {10U, 25U, 50U, 100U, 150U, 200U}) {
    auto const tracks = std::max(1U, asked.tracks * share / 100);
    auto const cost = tracks == asked.tracks ? at_asked : measure(plan_of(asked, tracks), zones, kSteps);
    curve.add(tracks, cost);
    std::cout << (told ? "" : "step by objects:\n") << "  " << tracks << ": " << bench::shown(median(cost.whole_ms))
              << " ms" << std::endl;
    told = true;
  }
  return curve;
}

bool write(std::filesystem::path const& path, std::string const& text) {
  std::ofstream file{path};
  file << text;
  file.close();
  if (!file) std::cerr << "siren_picture_speed: can't write " << path.string() << '\n';
  return static_cast<bool>(file);
}

int run(options const& asked) {
  auto const zones = zone_map::build(full_country());
  if (!zones.ok()) {
    std::cerr << "siren_picture_speed: " << zones.error().message << '\n';
    return 1;
  }
  auto const cost = measure(plan_of(asked, asked.tracks), *zones, asked.seconds);
  auto const rows = rows_of(asked, cost, zones->leaves().size());
  bench::print_table(std::cout, rows);
  auto const curve = measure_curve(asked, *zones, cost);
  bool const kept = bench::all_kept(rows);
  if (!asked.json.empty()) {
    std::filesystem::path const path{asked.json};
    nlohmann::json const all{{"tracks", asked.tracks},
                             {"reports", asked.reports},
                             {"kept", kept},
                             {"figures", bench::as_json(rows)},
                             {"by_tracks", curve.json()}};
    auto const plot = path.parent_path() / (path.stem().string() + "-by-tracks.svg");
    if (!write(path, all.dump(2) + '\n') || !write(plot, curve.svg(asked))) return 1;
    std::cout << "plot: " << plot.string() << '\n';
  }
  std::cout << '\n' << (kept ? "every target kept" : "MISSED: see above") << '\n';
  return kept ? 0 : 1;
}

}  // namespace
}  // namespace siren::picture_speed

int main(int argc, char** argv) {
  siren::picture_speed::options asked;
  if (auto const status = siren::picture_speed::parse(argc, argv, asked)) return *status;
  return siren::picture_speed::run(asked);
}
