#pragma once

#include <array>
#include <optional>

#include "core/plan/judge.h"

namespace siren {

/// One end of the street that a person stands at.
struct street_end {
  node_index node;
  leg part{edge_index{kNoIndex}, 0, 0};  // from the person's point to the node
  std::uint64_t before_ms = 0;           // to the node, at the gait's pace
  bool open = false;                     // the part may be walked
};

/// Where a person stands, as ways begin.
struct standing {
  gait g = gait::foot;
  lat_lon position;
  std::uint32_t access_cm = 0;     // to the street
  lat_lon street;                  // where it is met
  std::optional<edge_index> edge;  // forward; absent: at a node
  std::uint32_t along_cm = 0;      // on the edge
  std::array<street_end, 2> ends;
  std::size_t home = 0;  // of the ends: the nearer one that can be reached
  [[nodiscard]] street_end const& at_home() const { return ends[home]; }
};
/// Failures: as snap_index. Neither end may be open: then nothing but doors on the street is in reach.
[[nodiscard]] result<standing> stand_at(city_view const& view, lat_lon position, gait g);
/// The same for who is snapped already.
[[nodiscard]] standing stand_on(city_view const& view, lat_lon position, snapped const& at, gait g);
[[nodiscard]] standing stand_at_node(city_view const& view, node_index node, gait g);

/// choose() for who stands there: of the node that they belong to, which is home unless nothing is known there, or
/// `belongs_to`. Makes that one home if it is an end.
[[nodiscard]] std::optional<node_choice> choose_from(city_view const& view, standing& from, walking_profile profile,
                                                     phone_share share, std::optional<node_index> belongs_to,
                                                     judge_policy const& policy);

/// The best way from there to one target.
struct way_in {
  std::uint64_t ms = UINT64_MAX;  // through the door to cover, at the gait's pace
  std::size_t end = 0;            // of standing's ends; 2: straight to a door on the street
  std::uint16_t local = 0;        // the end's entry in the target's table
  std::uint16_t door = 0;         // with end 2
};
[[nodiscard]] std::optional<way_in> best_way(city_view const& view, standing const& from, target_index to);
/// The node's entry for a target.
[[nodiscard]] std::optional<reach_choice> entry_for(city_view const& view, gait g, node_index node, target_index to);

/// The profile's times for a way of so long at its gait's pace, a ride included.
struct way_times {
  milliseconds usual{};
  milliseconds slow{};
};
[[nodiscard]] way_times times_of(city_view const& view, walking_profile profile, std::uint64_t ms_at_gait,
                                 std::uint16_t ride, judge_policy const& policy);

/// From the way's last node to the door: the part of the door's street, in walking order.
[[nodiscard]] leg last_leg(city_view const& view, gait g, anchor const& door, node_index from);
/// The part of a segment from one place on it to another, both measured along its forward edge.
[[nodiscard]] leg leg_between(street_graph const& streets, edge_index forward, std::uint32_t from_cm,
                              std::uint32_t to_cm);

/// Why a person who is sent nowhere is not: no_room, too_late or none_reachable. `most`: longest slow case from the
/// node.
[[nodiscard]] verdict_reason why_staying(city_view const& view, walking_profile profile, node_index node,
                                         milliseconds most, judge_policy const& policy);

}  // namespace siren
