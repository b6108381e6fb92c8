#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

/// Where one person stays, and how they set out from a node.
struct node_choice {
  target_index target;
  std::uint16_t ride = kNoRide;  // of the plan's rides: walk to its board
  friend auto operator<=>(node_choice const&, node_choice const&) = default;
  [[nodiscard]] target_index walked_to(city_plan const& plan) const {
    return ride == kNoRide ? target : plan.rides[ride].board;
  }
};
/// Where the plan sends this share of the node's people. Who stands where the plan knows nobody borrows. Absent: the
/// share takes cover, or nothing open is in reach. `view` must be usable.
[[nodiscard]] std::optional<node_choice> choose(city_view const& view, walking_profile profile, node_index node,
                                                phone_share share, judge_policy const& policy);
/// The open target with room to spare that costs least with its price, rides included, `except` left out, no slow case
/// longer than `most`: the second choice, and the first of those whom the plan does not know.
[[nodiscard]] std::optional<node_choice> borrow(city_view const& view, walking_profile profile, node_index node,
                                                std::optional<target_index> except, milliseconds most,
                                                judge_policy const& policy);

/// Tells one person what to do. A person between two nodes belongs to the nearer one, as the plan's people do, and
/// takes the better way of both ends to the target of that node, or a door on the street. Never a route whose slow case
/// arrives after the deadline less the margin: when the share's own target is too late the second choice is tried, then
/// it is take_cover. No plan, or one for other streets or another reach, is take_cover with plan_missing. Pure.
[[nodiscard]] guidance judge(city_view const& view, lat_lon position, walking_profile profile, phone_share share,
                             std::optional<utc_time> deadline, utc_time now, judge_policy const& policy,
                             std::optional<node_index> belongs_to = std::nullopt);

/// Other open shelters with room that can be reached in time, nearest first, with whole routes; at most
/// policy.alternatives. The one that judge sends this share to is left out.
[[nodiscard]] std::vector<alternative> alternatives(city_view const& view, lat_lon position, walking_profile profile,
                                                    phone_share share, std::optional<utc_time> deadline, utc_time now,
                                                    judge_policy const& policy);

/// judge in parts, so that the costly one can be kept and shared per (plan version, node, profile, choice).
/// First: where a person here goes, the street node that the way starts from, and how far it is there. A door between
/// two nodes is seen by judge only: from here the walk goes to the node first.
struct start_point {
  node_index node;
  std::optional<node_choice> to;  // absent: takes cover
  node_index belongs_to;          // as asked, or the node whose share the person is: to be asked with while underway
  meters length;
  milliseconds usual{};
};
/// Failures: plan_missing, too_far_from_street, not_finite.
[[nodiscard]] result<start_point> start_from(city_view const& view, lat_lon position, walking_profile profile,
                                             phone_share share, judge_policy const& policy,
                                             std::optional<node_index> belongs_to = std::nullopt);
/// Second, worth keeping: guidance for a person who stands at the node, goes there and has no deadline.
[[nodiscard]] guidance guide_at_node(city_view const& view, node_index node, walking_profile profile,
                                     std::optional<node_choice> to, judge_policy const& policy);
/// Third: what it becomes under a deadline. `before` is the usual time of the walk to where the route begins; it counts
/// against the deadline and the longest walk but is not in the route's length, times and shape. A way that is too late
/// becomes the second choice when that is in time.
[[nodiscard]] guidance under_deadline(city_view const& view, node_index node, walking_profile profile, guidance at_node,
                                      std::optional<utc_time> deadline, utc_time now, judge_policy const& policy,
                                      milliseconds before = milliseconds{0});

/// The lean answer, without words: where to, how long, and the line to draw.
struct lean_route {
  node_choice to;
  std::uint16_t door = 0;  // of the target that is walked to
  milliseconds usual{};
  milliseconds slow_case{};
  std::uint32_t length_cm = 0;  // on foot
  friend bool operator==(lean_route const&, lean_route const&) = default;
};
/// As judge chooses, without a deadline. `polyline` is overwritten (Google's encoding, 1e-5). Absent: take cover.
[[nodiscard]] std::optional<lean_route> route_of(city_view const& view, lat_lon position, walking_profile profile,
                                                 phone_share share, judge_policy const& policy, std::string& polyline);
/// The same for many, in order of place: neighbours' ways lie together in memory, what they share of the way to one
/// door is drawn once, and one's memory is fetched while another is worked on. Each gets exactly what route_of gives; a
/// batch of a city's phones takes a fraction of the time that they take one by one. `take` gets each asker's number
/// once.
struct lean_question {
  lat_lon position;
  walking_profile profile = walking_profile::average;
  phone_share share;
};
using take_route =
    std::function<void(std::size_t asker, std::optional<lean_route> const& route, std::string_view polyline)>;
void routes_of(city_view const& view, std::span<lean_question const> askers, judge_policy const& policy,
               take_route const& take);

}  // namespace siren
