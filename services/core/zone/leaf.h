#pragma once

#include "core/zone/zone_picture.h"

namespace siren {

/// Takes a new approach of a track into a zone's memory of it, after marking what the known one asked for until now.
/// True when the track now asks for more than the zone lists for its class: the zone must be judged at once.
[[nodiscard]] bool remember(zone_state& zone, track const& from, approach const& seen, utc_time at,
                            zone_policy const& policy);

/// Takes a track out of a zone; holds count from now.
void forget(zone_state& zone, track_id track, utc_time now, zone_policy const& policy);

/// Analysis' threats of a leaf, per class; forgets holds that ran out.
[[nodiscard]] std::vector<placed_threat> judge_leaf(zone_state& zone, utc_time now, zone_policy const& policy);

}  // namespace siren
