#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/route/street_graph.h"

namespace siren {

/// Index into the planner's list of areas: the smallest zones that tile the city. kNoIndex: a node outside all of them.
using area_index = strong_id<struct plan_area_tag, std::uint32_t>;

struct demand_area {
  std::uint32_t population = 0;
  std::uint32_t phones = 0;  // connected now; a count, never who
};

struct demand_policy {
  double other_streets = 0.1;  // share of people away from residential streets; our choice
  std::uint32_t phone_floor =
      20;                         // an area with fewer phones keeps its population (domain facts: counts below 20 hide)
  double least_multiplier = 0.5;  // our choice: phones are a sample, so they correct and never decide
  double most_multiplier = 2.0;
  double multiplier_step = 0.25;  // our choice: coarse, so that plans don't follow every phone
};

struct demand {
  std::vector<std::uint32_t> people;  // one per node
  std::uint64_t total = 0;
  std::uint64_t unplaced = 0;  // of areas without streets
};

/// People per street node. An area's population, moved between areas by what phones show (the city's total stays), is
/// spread over its streets by length, each segment half to either end: residential streets share 1 − other_streets, the
/// rest share other_streets; an area with one sort only puts all there. Whole people by largest remainder, equal ones
/// in order of node. `area_of` has one entry per node; populations of areas must not contain one another's.
[[nodiscard]] demand people_per_node(street_graph const& streets, std::span<area_index const> area_of,
                                     std::span<demand_area const> areas, demand_policy const& policy);

/// The populations after the phones' correction, before they are spread. Sum: as given.
[[nodiscard]] std::vector<std::uint32_t> corrected_populations(std::span<demand_area const> areas,
                                                               demand_policy const& policy);

}  // namespace siren
