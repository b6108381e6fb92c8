#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <vector>

#include "common/city_bundle/city_bundle.h"
#include "core/plan/city_planner.h"
#include "core/route/doors.h"
#include "core/route/snap.h"

namespace siren {

/// A city bundle with its streets, and whose zones its street nodes lie in: everything a plan needs that no alarm
/// changes.
struct whole_city {
  city_bundle bundle;
  std::shared_ptr<street_graph const> streets;
  std::shared_ptr<snap_index const> snap;
  std::vector<zone_id> areas;                  // the smallest zones that have streets
  std::vector<std::uint32_t> area_population;  // the same
  std::vector<area_index> area_of;             // one per node
  [[nodiscard]] std::uint64_t population() const;
};
/// Failures: as load_city_bundle and import_osm_streets; malformed (zones).
[[nodiscard]] result<whole_city> load_whole_city(std::filesystem::path const& folder);

/// People per street node; `total` scales the population, 0 leaves it.
[[nodiscard]] std::vector<std::uint32_t> people_of(whole_city const& city, std::uint64_t total = 0);

/// Numbers in the same proportion that sum to `total`; whole by largest remainder. All stay 0 when their sum is 0.
[[nodiscard]] std::vector<std::uint32_t> scaled_to(std::vector<std::uint32_t> const& parts, std::uint64_t total);

/// How a city is walked. `shelters` are the targets.
struct walk_request {
  std::vector<shelter> shelters;
  std::vector<std::uint32_t> people;  // one per node
  metro_conditions metro;
  walking_conditions conditions;
  closed_segments closed;
  walking_policy walking;
  reach_policy reach;
  unsigned threads = 0;  // 0: as many as the machine has
};
/// Walking times and all else that a planner starts from.
[[nodiscard]] planner_input walk_city(whole_city const& city, walk_request asked);

}  // namespace siren
