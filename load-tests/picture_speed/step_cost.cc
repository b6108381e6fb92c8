#include "picture_speed/step_cost.h"

#include <unistd.h>

#include <fstream>

#include "guidance_bench/thread_time.h"
#include "raid_scenario/zone_sets.h"

namespace siren::picture_speed {
namespace {

double resident_mib() {
  std::ifstream file{"/proc/self/statm"};
  double whole = 0.0;
  double resident = 0.0;
  file >> whole >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

}  // namespace

std::vector<zone> full_country() {
  raids::zone_set_plan plan;
  plan.across = 42;
  plan.cell = meters{24'000.0};
  plan.districts = 6;
  plan.per_parent = 6;
  return raids::make_zones(plan);
}

step_costs measure(sky_plan const& plan, zone_map const& zones, std::uint32_t seconds_measured) {
  track_policy const policy;
  auto const zone_rules = default_zone_policy();
  full_sky sky{plan};
  picture tracks;
  zone_picture country;
  step_costs out;
  utc_time const begins{seconds{1'800'000'000}};
  for (std::uint32_t second = 0; second < kWarmUp + seconds_measured; ++second) {
    auto const now = begins + seconds{second};
    scan step{sky.reports_of(now)};
    auto const after = now + seconds{1};
    auto const began = bench::thread_ms();
    auto changes = apply(tracks, step, policy);
    for (auto& aged : apply(tracks, tick{after}, policy)) changes.push_back(std::move(aged));
    auto const tracked = bench::thread_ms();
    std::size_t told = 0;
    for (auto const& change : changes) told += apply(country, change, zones, zone_rules).size();
    told += apply(country, tick{after}, zones, zone_rules).size();
    auto const ended = bench::thread_ms();
    if (second + 1 == kWarmUp) out.memory_after_warm_up = resident_mib();
    if (second < kWarmUp) continue;
    if (second == kWarmUp + seconds_measured / 2) out.memory_at_half = resident_mib();
    out.whole_ms.push_back(ended - began);
    out.tracks_ms.push_back(tracked - began);
    out.zones_ms.push_back(ended - tracked);
    out.reports += step.reports.size();
    out.zone_changes += told;
  }
  out.memory_at_end = resident_mib();
  for (auto const& t : tracks.tracks) ++(t.now.confirmed ? out.confirmed : out.tentative);
  for (auto const& [id, state] : country.zones) out.sightings += state.sightings.size();
  return out;
}

}  // namespace siren::picture_speed
