#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/route/anchor.h"
#include "core/route/field.h"
#include "core/route/snap.h"
#include "core/route/walking.h"
#include "core/shelter/shelter.h"

namespace siren {

/// One door that people may be sent to.
struct shelter_door {
  shelter_id shelter;
  std::uint32_t entrance_index = 0;  // of the shelter's entrances
  shelter_type type = shelter_type::basic;
  metro_role role = metro_role::none;
  std::string name_uk;
  std::string name_en;
  std::string entrance_name;
  lat_lon place;  // of the entrance
  bool step_free = false;
  bool generated = false;
  friend bool operator==(shelter_door const&, shelter_door const&) = default;
};

struct profile_plan {
  walking_pace pace;
  std::vector<anchor> anchors;         // one per door of the plan
  std::vector<node_guide> nodes;       // one per street node
  edge_costs costs{walking_pace{}};    // of `pace`; index_profile makes it
  std::vector<std::uint32_t> by_edge;  // usable doors in order of their anchors' edges; index_profile makes it
  friend bool operator==(profile_plan const&, profile_plan const&) = default;
};
/// Fills what follows from pace and anchors.
void index_profile(profile_plan& p);

/// Who goes where: for every street node and profile its door, next edge and time. The one format between
/// whoever plans and whoever guides; how nodes were assigned is not visible in it.
struct plan {
  std::uint64_t version = 0;
  graph_id graph;
  std::vector<shelter_door> doors;
  std::array<profile_plan, kWalkingProfiles> profiles;
  [[nodiscard]] profile_plan const& of(walking_profile p) const { return profiles[static_cast<std::size_t>(p) - 1]; }
  friend bool operator==(plan const&, plan const&) = default;
};

struct plan_policy {
  walking_policy walking;
  walking_conditions conditions;
  /// A door farther from every street is misplaced or behind a fence: a courtyard is seldom deeper. Our choice.
  meters farthest_door{100.0};
  /// Off the mapped streets nothing is known of kerbs and thresholds, so wheels get less. Our choice.
  meters farthest_door_wheels{50.0};
  /// From a vestibule to the platform of a station 40 m deep: 80 m of escalator (30°) at 0.75 m/s, or of steps at half
  /// of 1.22 m/s. All assumed: stations' own depths are not in the records yet.
  seconds metro_descent{110};
  seconds metro_descent_on_foot{130};
};

/// What a plan used and left out, and why.
struct plan_counts {
  std::uint64_t shelters = 0;           // given
  std::uint64_t shelters_not_open = 0;  // takes_people is false
  std::uint64_t entrances_far_from_street = 0;
  std::uint64_t entrances_not_for_wheels = 0;  // left out of the wheelchair profile
  std::array<std::uint64_t, kWalkingProfiles> nodes_without_shelter{};
};

struct made_plan {
  plan now;
  plan_counts counts;
};

/// A rule that assigns every node of one profile. Today's rule is nearest_field; one that knows capacities stands in
/// the same place and fills the same plan.
using assignment_rule = std::vector<node_guide> (*)(street_graph const&, edge_costs const&,
                                                    std::span<field_source const>);

/// Plans the city for the shelters that take people now. `snap` is the index of `streets`.
[[nodiscard]] made_plan make_plan(street_graph const& streets, snap_index const& snap,
                                  std::span<shelter const> shelters, plan_policy const& policy, std::uint64_t version,
                                  assignment_rule rule = nearest_field);

/// One versioned file, as write_street_graph.
[[nodiscard]] std::vector<std::byte> write_plan(plan const& p);
/// Checks every index, and that every chain of pointers ends, against the streets it was made for. Failures: malformed,
/// schema_mismatch (another version of the format, or other streets).
[[nodiscard]] result<plan> read_plan(std::span<std::byte const> bytes, street_graph const& streets);

}  // namespace siren
