#pragma once

#include <filesystem>
#include <random>

#include "common/whole_city/whole_city.h"
#include "core/assign/assigner.h"
#include "core/plan/judge.h"
#include "guidance_bench/rush.h"

namespace siren::bench {

/// A bundle with its walking times, ready to be measured on.
struct bench_city {
  whole_city city;
  planner_input walks;  // with room for 120 % of its people
};

/// Shelters below ground, all open and empty: metro stations first, then others evenly from the list, at most `most`
/// (0: all).
[[nodiscard]] std::vector<shelter> thinned(std::vector<shelter> const& all, std::size_t most);
/// Capacities scaled to sum to `places`.
void scale_capacities(std::vector<shelter>& shelters, std::uint64_t places);

/// `people` live in it, `shelters` of its shelters count.
[[nodiscard]] result<bench_city> load_bench_city(std::filesystem::path const& folder, std::uint64_t people,
                                                 std::size_t shelters);

/// The same city for other numbers of people and places; walking times are shared.
[[nodiscard]] planner_input refilled(bench_city const& from, std::uint64_t people, std::uint64_t places);

/// Everybody an average walker, every node with people a lot, walks only: the rush that the design's figures were taken
/// on.
[[nodiscard]] assignment_problem plain_rush(planner_input const& city, std::uint32_t budget_ds = kNoBudget);

/// What an assigner decided, as parties.
[[nodiscard]] std::vector<party> parties_of(assigner const& decided);

[[nodiscard]] city_view view_of(bench_city const& from, city_plan const* plan);

/// Places where people stand: nodes drawn by their people, up to 40 m off.
[[nodiscard]] std::vector<lat_lon> standing_places(bench_city const& from, std::size_t count, std::uint64_t seed);

}  // namespace siren::bench
