#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/track/tracker.h"
#include "core/zone/official.h"
#include "core/zone/threats.h"
#include "core/zone/zone_map.h"
#include "core/zone/zone_policy.h"

namespace siren {

/// `tick` is the tracker's: time passed. Send one every second or so; holds and waited-for updates end on ticks.
using zone_event = std::variant<track_change, region_alarm, operator_order, feed_state, tick>;

/// What one track means to one zone, with a short memory: the hull of the intervals over the last one to two memories.
struct sighting {
  threat_class kind = threat_class::unknown;
  lat_lon position;
  approach newest;
  utc_time seen_at;  // of newest; the sighting is forgotten a memory later
  struct extent {
    utc_time earliest;
    utc_time latest;
    probability entering;
  };
  extent recent;                   // since window_began
  std::optional<extent> previous;  // of the window before
  utc_time window_began;
};

/// What analysis last asked of a zone for one class, per stage: what holds are counted from.
struct held_class {
  std::array<std::optional<utc_time>, 3> last_asked;  // prepare, go, take_cover
};

struct zone_state {
  std::map<track_id, sighting> sightings;   // leaves only
  std::map<threat_class, held_class> held;  // leaves only
  std::vector<placed_threat> listed;        // of this moment, most urgent first
  danger shown;                             // as last emitted
  std::optional<utc_time> shown_at;
  trace_id trace;  // of the last event that touched the zone
};

/// Every zone's danger and what it follows from. Plain state, changed only by apply and restore.
struct zone_picture {
  utc_time now;
  std::map<zone_id, zone_state> zones;
  struct followed {
    track last;
    std::optional<utc_time> lost_at;
    std::set<zone_id> zones;  // that have a sighting of it
  };
  std::map<track_id, followed> tracks;
  official_book official;
  std::map<zone_id, std::map<std::string, operator_order>> orders;  // by operator
};

/// Raises at once, lowers after the class's hold. The rules:
/// - A leaf's threats: confirmed tracks by the policy's table, per class; official alarms and operators' orders on it
/// or
///   on any ancestor. A zone with children has its own and inherited alarms and orders, and its children's threats
///   rolled up; `partly` when the children's level is above its own.
/// - Level is the highest stage that any threat asks for, so analysis and operators can't lower or end an official one.
///   Official alarms and orders end without a hold: people ended them.
/// - A destroyed track's share ends after the class's holds; a lost one's goes on for lost_hold first.
/// - A change is emitted when level, partly or the set of threats differs from what was last emitted for that zone;
/// when
///   only arrival, direction or a threat's stage differ materially, at most once per update_gap after the last change.
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
/// Into an empty picture. Nothing is announced anew; analysis threats are held as if asked for at `at`.
void restore(zone_picture& state, zone_memory const& memory, zone_map const& zones, zone_policy const& policy);

}  // namespace siren
