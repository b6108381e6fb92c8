#pragma once

#include <optional>

#include "core/route/directions.h"
#include "core/route/guidance.h"
#include "core/route/plan.h"

namespace siren {

struct guidance_policy {
  walking_policy walking;
  walking_conditions conditions;  // when the plan was made for other ones, walks are stretched by the difference
  seconds arrival_margin{30};     // our choice: to notice the alarm and leave; the slow case already covers the walk
  /// A slow case beyond this is no route, deadline or not: 1.5 km at 0.8 m/s is 31 min, the worst known distance in
  /// Kyiv.
  minutes longest_walk{60};
  directions_policy directions;
};

/// What a judgement reads; the three belong to the same streets. Nothing is copied, all must outlive the call.
struct guide_view {
  street_graph const& streets;
  snap_index const& snap;
  plan const* current = nullptr;  // null: none has come yet
};

/// Tells one person what to do. Never a route whose slow case arrives after the deadline less the margin. A missing
/// plan, or one made for other streets, is take_cover with plan_missing. Pure, about 3 µs.
[[nodiscard]] guidance judge(guide_view const& view, lat_lon position, walking_profile profile,
                             std::optional<utc_time> deadline, utc_time now, guidance_policy const& policy);

/// The same in parts, so that the costly one can be kept and shared per (plan version, node, profile).
/// First: the street node that a person here starts from, and how far it is. A door between two nodes is seen by judge
/// only: from here the walk goes to the node first.
struct approach {
  node_index node;
  meters length;
  milliseconds usual{};
};
/// Failures: plan_missing, too_far_from_street, no_reachable_shelter, not_finite.
[[nodiscard]] result<approach> approach_from(guide_view const& view, lat_lon position, walking_profile profile);
/// Second, worth keeping: guidance for a person who stands at the node and has no deadline.
[[nodiscard]] guidance guide_at_node(guide_view const& view, node_index node, walking_profile profile,
                                     guidance_policy const& policy);
/// Third: what it becomes under a deadline. `before` is the usual time of the walk to where the route begins; it counts
/// against the deadline and the longest walk but is not in the route's length, times and shape.
[[nodiscard]] guidance under_deadline(guidance told, std::optional<utc_time> deadline, utc_time now,
                                      guidance_policy const& policy, milliseconds before = milliseconds{0});
/// Second and third together.
[[nodiscard]] guidance judge_at_node(guide_view const& view, node_index node, walking_profile profile,
                                     std::optional<utc_time> deadline, utc_time now, guidance_policy const& policy,
                                     milliseconds before = milliseconds{0});

}  // namespace siren
