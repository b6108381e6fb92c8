#pragma once

#include "core/zone/zone_picture.h"

namespace siren {

/// Takes a new approach of a track into a zone's memory of it.
void remember(zone_state& zone, track const& from, approach const& seen, utc_time at, zone_policy const& policy);

/// Marks the stages that sightings ask for at this time. Call it before sightings change, so that holds count from
/// then.
void mark_asked(zone_state& zone, utc_time now, zone_policy const& policy);

/// Analysis' threats of a leaf, per class; forgets holds that ran out.
[[nodiscard]] std::vector<placed_threat> judge_leaf(zone_state& zone, utc_time now, zone_policy const& policy);

}  // namespace siren
