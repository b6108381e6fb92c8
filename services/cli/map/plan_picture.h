#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cli/map/drawing.h"
#include "common/whole_city/whole_city.h"
#include "core/plan/city_planner.h"
#include "core/plan/judge.h"

namespace siren {

/// A plan and what its maker knew at that moment.
struct plan_moment {
  std::shared_ptr<city_plan const> plan;
  plan_figures figures;
  std::vector<std::uint32_t> room;  // by target
  std::vector<std::uint32_t> load;
  double mean_walk_minutes = 0.0;
};
[[nodiscard]] plan_moment moment_of(city_planner const& planner, planned const& made);

/// What a picture is made from; all belong together and must outlive the call.
struct picture_source {
  whole_city const& city;
  planner_input const& walks;
  judge_policy const& judging;
  std::optional<seconds> until_impact;  // the deadline that the planner was told
};

/// The fate of every street and shelter at the moment, and about `routes` sample routes spread over `frame`.
/// With `other`, streets that are the same at that moment are faded, and routes are of homes that are not.
[[nodiscard]] drawn_plan picture_of(picture_source const& from, plan_moment const& at, lat_lon_box frame,
                                    std::size_t routes, plan_moment const* other = nullptr);

/// Of the nodes, with room around; the city's far outskirts (half a percent on each side) may be cut off.
[[nodiscard]] lat_lon_box frame_of(street_graph const& streets);
/// Around the places (at least one): most of the nodes whose people go elsewhere now, 500 m to 2.5 km.
[[nodiscard]] lat_lon_box frame_of_change(picture_source const& from, city_plan const& before, city_plan const& after,
                                          std::vector<lat_lon> const& places);

}  // namespace siren
