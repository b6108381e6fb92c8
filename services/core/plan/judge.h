#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/plan.h"
#include "core/route/directions.h"
#include "core/route/snap.h"

namespace siren {

struct judge_policy {
  walking_policy walking;
  seconds arrival_margin{30};  // our choice: to notice the alarm and leave; the slow case already covers the walk
  /// A slow case beyond this is no route, deadline or not: 1.5 km at 0.8 m/s is 31 min, the worst known distance in
  /// Kyiv.
  minutes longest_walk{60};
  std::size_t alternatives = 3;  // our choice: what fits a screen
  directions_policy directions;
};

/// What a judgement reads; all belong to the same streets and reach. Nothing is copied, all must outlive the call.
struct city_view {
  street_graph const& streets;
  snap_index const& snap;
  reach const* walks = nullptr;                        // null: none has come yet
  std::array<reach_choices const*, kGaits> by_node{};  // of `walks`; null: none
  city_plan const* plan = nullptr;                     // null: none has come yet
};
/// Whether there is a plan and the reach that it was made for.
[[nodiscard]] bool usable(city_view const& view);

/// The way of one person's share at a node.
struct node_choice {
  target_index target;           // where to stay
  std::uint16_t ride = kNoRide;  // of the plan's rides
  std::uint16_t local = 0;       // the node's entry in the table of the target that is walked to
  std::uint32_t walk_ds = 0;     // from the node to cover, or to the platform of the ride, at the gait's pace
  [[nodiscard]] target_index walked_to(city_plan const& plan) const {
    return ride == kNoRide ? target : plan.rides[ride].board;
  }
};
/// Where the plan sends this share of the node's people. Who stands where the plan knows nobody borrows: the target
/// with room to spare that costs least with its price, rides included. Absent: the share takes cover, or nothing open
/// is in reach. `view` must be usable.
[[nodiscard]] std::optional<node_choice> choose(city_view const& view, walking_profile profile, node_index node,
                                                phone_share share, judge_policy const& policy);
/// What a borrower gets, `except` left out: the second choice of those who are sent there.
[[nodiscard]] std::optional<node_choice> borrow(city_view const& view, walking_profile profile, node_index node,
                                                std::optional<target_index> except, judge_policy const& policy);

/// Tells one person what to do. A person between two nodes takes the better end of the street, or a door on it. Never a
/// route whose slow case arrives after the deadline less the margin: when the share's own target is too late the second
/// choice is tried, then it is take_cover. No plan, or one for other streets or another reach, is take_cover with
/// plan_missing. Pure.
[[nodiscard]] guidance judge(city_view const& view, lat_lon position, walking_profile profile, phone_share share,
                             std::optional<utc_time> deadline, utc_time now, judge_policy const& policy);

/// Other open shelters with room that can be reached in time, nearest first, whole routes; at most policy.alternatives.
[[nodiscard]] std::vector<alternative> alternatives(city_view const& view, lat_lon position, walking_profile profile,
                                                    phone_share share, std::optional<utc_time> deadline, utc_time now,
                                                    judge_policy const& policy);

/// judge in parts, so that the costly one can be kept and shared per (plan version, node, profile, share_bucket).
/// First: the street node that a person here starts from, and how far it is. A door between two nodes is seen by judge
/// only: from here the walk goes to the node first.
struct start_point {
  node_index node;
  meters length;
  milliseconds usual{};
};
/// Failures: plan_missing, too_far_from_street, no_reachable_shelter, not_finite.
[[nodiscard]] result<start_point> start_from(city_view const& view, lat_lon position, walking_profile profile,
                                             phone_share share, judge_policy const& policy);
/// Shares of a node with the same number are told the same at it; a node's few options make few numbers.
[[nodiscard]] std::uint16_t share_bucket(city_view const& view, walking_profile profile, node_index node,
                                         phone_share share);
/// Second, worth keeping: guidance for a person who stands at the node and has no deadline.
[[nodiscard]] guidance guide_at_node(city_view const& view, node_index node, walking_profile profile, phone_share share,
                                     judge_policy const& policy);
/// Third: what it becomes under a deadline. `before` is the usual time of the walk to where the route begins; it counts
/// against the deadline and the longest walk but is not in the route's length, times and shape. When the share's own
/// target comes too late, guide_at_node's second choice is worked out anew, hence the place.
[[nodiscard]] guidance judge_at_node(city_view const& view, node_index node, walking_profile profile, phone_share share,
                                     guidance at_node, std::optional<utc_time> deadline, utc_time now,
                                     judge_policy const& policy, milliseconds before = milliseconds{0});

/// The lean answer, without words: where to, how long, and the line to draw.
struct lean_route {
  target_index target;
  std::uint16_t ride = kNoRide;
  std::uint16_t door = 0;  // of the target that is walked to
  milliseconds usual{};
  milliseconds slow_case{};
  std::uint32_t length_cm = 0;  // on foot
};
/// As judge chooses, without its deadline. `polyline` is overwritten (Google's encoding, 1e-5). Absent: judge says
/// take_cover.
[[nodiscard]] std::optional<lean_route> route_of(city_view const& view, lat_lon position, walking_profile profile,
                                                 phone_share share, judge_policy const& policy, std::string& polyline);

}  // namespace siren
