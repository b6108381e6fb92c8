#pragma once

#include <cstdint>

#include "core/base/strong_id.h"

namespace siren {

/// Who reports: a sensor network, an official channel, an operator's desk. Given by configuration.
using source_id = strong_id<struct source_tag>;
/// A fused object in our picture. Never reused within an epoch.
using track_id = strong_id<struct track_tag, std::uint64_t>;
/// Official uid ("31") or KATOTTH code ("UA80000000000210193") or a city bundle's own id.
using zone_id = strong_id<struct zone_tag>;
using alert_id = strong_id<struct alert_tag>;
using shelter_id = strong_id<struct shelter_tag>;
/// Follows one observation from ingest to the phones: 32 hexadecimal digits, as in W3C Trace Context.
using trace_id = strong_id<struct trace_tag>;

}  // namespace siren
