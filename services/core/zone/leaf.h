#pragma once

#include "core/zone/zone_picture.h"

namespace siren {

/// What a leaf is told of one track or launch.
struct leaf_news {
  track_id id;
  cause why = cause::tracked;
  threat_class kind = threat_class::unknown;
  lat_lon position;
  approach seen;
  backing const& support;
  trace_id const& trace;
};

/// Takes it into a zone's memory, after marking what the known approach asked for until now. True when it now asks for
/// more than the zone lists for its class, and may: the zone must be judged at once.
[[nodiscard]] bool remember(zone_state& zone, leaf_news const& news, utc_time at, zone_policy const& policy);

/// Takes a track or launch out of a zone; holds count from now.
void forget(zone_state& zone, track_id track, utc_time now, zone_policy const& policy);

/// Analysis' threats of a leaf, per class, none without enough sources above zone.declared; forgets holds that ran out.
[[nodiscard]] std::vector<placed_threat> judge_leaf(zone_state& zone, utc_time now, zone_policy const& policy);

/// After a restart: a threat goes on as if asked for now. One that asked for no more than people declare may have had
/// too few sources to be held, and so is held within what they declare.
void hold_again(zone_state& zone, threat const& was, stage declared, utc_time now);

}  // namespace siren
