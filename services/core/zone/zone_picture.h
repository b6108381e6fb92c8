#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/track/tracker.h"
#include "core/zone/launch.h"
#include "core/zone/official.h"
#include "core/zone/sighting.h"
#include "core/zone/threats.h"
#include "core/zone/zone_map.h"
#include "core/zone/zone_policy.h"

namespace siren {

/// `tick` is the tracker's: time passed. Send one every second or so; holds and waited-for updates end on ticks.
using zone_event = std::variant<track_change, region_alarm, operator_order, feed_state, tick, launch_report>;

/// What analysis last asked of a zone for one class, per stage: what holds are counted from.
struct held_class {
  std::array<std::optional<utc_time>, 3> last_asked;  // prepare, go, take_cover; absent: not held
  bool within_declared = false;                       // shows no more than people declare
};

/// The last time a stage of a class ended in a zone, and how many of the class's holds it was held for.
struct ended_stage {
  std::optional<utc_time> at;
  int times = 1;
};

struct zone_state {
  sighting_book sightings;                                   // leaves only
  std::map<threat_class, held_class> held;                   // leaves only
  std::map<threat_class, std::array<ended_stage, 3>> ended;  // leaves only
  stage declared = stage::all_clear;  // by officials and operators, here or around, when last judged
  std::vector<placed_threat> listed;  // of this moment, most urgent first
  danger shown;                       // as last emitted
  std::optional<utc_time> shown_at;
  trace_id trace;  // of the last event that touched the zone
};

/// Every zone's danger and what it follows from. Plain state, changed only by apply and restore.
struct zone_picture {
  utc_time now;
  std::unordered_map<zone_id, zone_state> zones;
  /// Zones that have a sighting of it, by positions in the map, ascending.
  using sighted_zones = std::vector<std::size_t>;
  struct followed {
    track last;
    std::optional<utc_time> lost_at;
    std::optional<track> looked;  // as it was when it was last looked at
    backing support;
    sighted_zones zones;
  };
  std::map<track_id, followed> tracks;
  struct followed_launch {
    launch_report last;
    track_id as;  // in the zones' sightings
    sighted_zones zones;
  };
  std::map<std::pair<source_id, std::string>, followed_launch> launches;
  std::uint64_t launches_seen = 0;
  official_book official;
  trust_book trust;                                                 // as feeds were introduced
  std::map<zone_id, std::map<std::string, operator_order>> orders;  // by operator
};

/// Raises at once, lowers after the class's hold. The rules:
/// - A leaf's threats: confirmed tracks by the policy's table, per class; launches that nothing follows, over the whole
///   region where they may come down, at once; official alarms and operators' orders on it or on any ancestor. A zone
///   with children has its own and inherited alarms and orders, and its children's threats rolled up; `partly` when the
///   children's level is above its own. Each threat names its issuer and its cause.
/// - Tracks and launches raise a leaf above what officials and operators declared for it only where those of one class
///   that ask for the stage have one trusted or enough independent sources among them (policy.trust). Others are listed
///   within the declared level, and not at all without one; they hold nothing.
/// - A carrier's take-off, declared for whatever region, counts in every zone, until it is ended or carrier_lasts after
///   it was last said.
/// - What is declared for an id that a re-zoning took away counts for each zone that replaces it.
/// - Level is the highest stage that any threat asks for, so analysis and operators can't lower or end an official one.
///   Official alarms and orders end without a hold: people ended them.
/// - A destroyed track's share ends after the class's holds; a lost one's goes on for lost_hold first. So analysis ends
///   in steps, take cover, prepare, all clear, and what comes back soon is held longer (policy.calm): a bound on
///   flapping, zone_policy::kMostStageChangesAnHour.
/// - A track is looked at anew when it left its straight course or after its class's look_again; between, its arrival
///   comes nearer by itself. A look costs as the zones ahead; others are ruled out at a glance.
/// - A change is emitted when level, partly or the set of threats differs from what was last emitted for that zone;
/// when
///   only arrival, direction or a threat's stage or cause differ materially, at most once per update_gap after the last
///   change.
/// - A track change raises at once; what it lowers or refines is judged at the next event that concerns the zone, a
/// tick
///   at the latest: a raid's hundred updates a second then cost what the raises cost.
/// Changes come with children before their parents. An event older than the picture is judged at the picture's time.
[[nodiscard]] std::vector<danger_change> apply(zone_picture& state, zone_event const& event, zone_map const& zones,
                                               zone_policy const& policy);

/// What outlives a restart of the engine.
struct zone_memory {
  std::vector<danger> shown;           // of every zone not all clear, as last emitted
  std::vector<region_alarm> alarms;    // active ones
  std::vector<operator_order> orders;  // in force
  utc_time at;
};
/// Into an empty picture. Nothing is announced anew; analysis threats are held as if asked for at `at`. What was shown
/// for a zone that is no more is held in the zones that replace it: they are raised at the next event.
void restore(zone_picture& state, zone_memory const& memory, zone_map const& zones, zone_policy const& policy);

}  // namespace siren
