#pragma once

#include <optional>

#include "core/track/kalman.h"
#include "core/track/tracker.h"

namespace siren {

/// Whether a report of one class may belong to a track of another: the same family, or either unknown.
[[nodiscard]] bool compatible(threat_class known, threat_class reported);
/// The class of a track after a compatible report: known over unknown, the faster of a family.
[[nodiscard]] threat_class upgraded(threat_class known, threat_class reported);

/// A track and a report brought to the later of their two times, in the plane around the track's position.
struct aligned_pair {
  kalman_state state;
  measurement position;
  std::optional<measurement> velocity;
};
[[nodiscard]] aligned_pair align(track const& known, observation const& report, track_policy const& policy);

/// What must fit: position and, where measured, velocity; or position alone, for an object that has just turned.
enum class gate_kind : std::uint8_t { whole, turned };

/// How badly a report fits a track, for comparing tracks; absent when it is outside the gate or of another family.
[[nodiscard]] std::optional<double> association_cost(track const& known, observation const& report, gate_kind gate,
                                                     track_policy const& policy);

/// The track after the report: state, class, and, when the report is not older, time and trace. Not count and sources.
/// A measured velocity far from the track's is a turn: what was known of the velocity gives way to it.
[[nodiscard]] track absorbed(track const& known, observation const& report, track_policy const& policy);

/// A tentative track of one report. Without a measured velocity its speed is the class's typical one, in no direction.
[[nodiscard]] track born(track_id id, observation const& report, track_policy const& policy);

}  // namespace siren
