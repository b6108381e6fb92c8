#pragma once

#include "cli/instance_file.h"
#include "core/base/time.h"

namespace siren {

/// The world's time now. Live: this machine's UTC. An exercise runs on its own time: asked of the gateway, whose
/// heartbeat tells. Failure: MISSING_FIELD (world, gateway's address), NOT_READY when no heartbeat comes within 10 s.
[[nodiscard]] result<utc_time> world_now(instance_addresses const& where);

}  // namespace siren
