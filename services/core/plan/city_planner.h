#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/assign/assigner.h"
#include "core/plan/demand.h"
#include "core/plan/plan.h"

namespace siren {

struct planner_policy {
  walking_policy walking;
  assign_policy assign;
  seconds arrival_margin{30};  // as judge_policy's
  minutes longest_walk{60};    // as judge_policy's: the slow case of nobody's way is longer
  /// Of a person who takes cover, against walks. Above the longest usual way (0.8 of longest_walk), so that nobody
  /// stays who could go.
  seconds stay_cost{3'000};
  /// A profile's people are gathered over neighbouring nodes into lots of at least this many, so that rare profiles
  /// don't multiply the work. Our choice: 300 m of street in a city of Kyiv's density.
  std::uint32_t smallest_lot = 4;
  /// What a doubtful shelter costs extra. Until verifications weigh more: our choice.
  seconds stale_handicap{60};
  seconds unverified_handicap{180};
  hours stale_after{24 * 90};  // our choice: a season
  /// As time runs out budgets are shortened in steps of this; judge counts exactly. Our choice.
  seconds budget_step{30};
  seconds price_step{5};  // published prices are rounded up to it, so that deltas stay small
  /// Bands of places taken; our choice. Fewer people than hidden_below show no band (domain facts, "Official alarms").
  double some_from = 0.5;
  double little_from = 0.85;
  std::uint32_t hidden_below = 20;
};

/// What a planner starts from. Shared parts are kept, not copied.
struct planner_input {
  std::shared_ptr<street_graph const> streets;
  std::shared_ptr<reach const> walks;
  std::array<std::shared_ptr<reach_choices const>, kGaits> by_node;
  std::vector<shelter> shelters;  // one per target of the reach, in its order, entrances as its doors
  metro_state metro;              // roles that hold now
  std::vector<metro_ride> rides;
  metro_network network;
  std::vector<std::uint32_t> people;  // one per node, as people_per_node
  std::vector<area_index> area_of;    // one per node
  std::uint32_t areas = 0;
};

/// What alarms mean for an area: the sum over its zone and the zones around it, made by the caller.
struct area_alarm {
  bool told = false;                 // its people were told to go
  std::optional<utc_time> deadline;  // earliest plausible impact
  friend bool operator==(area_alarm const&, area_alarm const&) = default;
};

struct plan_figures {
  std::uint64_t targets = 0;
  std::uint64_t targets_open = 0;
  std::uint64_t people = 0;
  std::uint64_t assigned = 0;
  std::uint64_t no_room = 0;      // stay: what they could reach in time is full
  std::uint64_t too_late = 0;     // stay: nothing open can be reached before the deadline
  std::uint64_t unreachable = 0;  // stay: nothing open for them in the network's reach
  std::uint64_t moved = 0;        // assigned elsewhere than in the plan before; newcomers don't count
  /// Of them people of areas that were told to go. Only people whose target failed them move: it closed, lost room, or
  /// can't be reached any more.
  std::uint64_t moved_underway = 0;
  std::uint64_t overload = 0;  // people beyond a target's room: 0
  std::uint32_t overfull = 0;  // targets with people beyond their room: 0
  bool finished = true;        // false: stopped before its time; who has no place yet stays
};

struct planned {
  std::shared_ptr<city_plan const> now;
  std::vector<std::byte> delta;  // from the plan before; empty when that was none or for another reach
  plan_figures figures;
};

/// Plans a city for its people and follows what changes. Events are taken in at once and take effect at the next make.
/// Not safe for use from several threads at once; the same calls give the same plans.
///
/// Room: outside an alarm, capacity − people inside. While any area is told to go it is soft: people who arrive are
/// taken to be those who were sent, so room = capacity − inside before the alarm − arrivals beyond those sent. Budgets:
/// an area with a deadline allows a person ways whose slow case ends arrival_margin before it. Areas told to go count
/// from when they were told, and their people are pinned: they move only when their target fails them.
class city_planner {
 public:
  explicit city_planner(planner_input input, planner_policy const& policy = {});
  ~city_planner();
  city_planner(city_planner&&) noexcept;
  city_planner& operator=(city_planner&&) noexcept;

  /// New walking times, shelters, rides or people. Alarms stay when the areas are as many as before; people who were
  /// told to go keep their target where it still exists and can be reached.
  void replace(planner_input input);

  /// A shelter's live facts: state, role, capacity, occupancy, verification, names. False: not a target, or its place
  /// or entrances changed; then replace() with a new reach.
  [[nodiscard]] bool shelter_changed(shelter const& now);
  /// Roles that the metro's rules give. Rides change with replace().
  void roles_changed(metro_state metro);
  void area_changed(area_index area, area_alarm const& alarm, utc_time now);

  /// The plan after what was told since. The first one, and one with `fresh`, assigns everybody anew but those
  /// underway. A stop leaves a plan that holds every promise but sends fewer.
  [[nodiscard]] planned make(utc_time now, std::uint64_t version, bool fresh = false, stop_search const& stop = {});

  /// Null before the first make.
  [[nodiscard]] std::shared_ptr<city_plan const> current() const;
  [[nodiscard]] assigner const& assignment() const;

 private:
  class state;
  planner_policy policy_;
  std::unique_ptr<state> state_;
};

}  // namespace siren
