#pragma once

#include "core/base/mode.h"
#include "core/track/observation.h"
#include "feed_adapters/alarm_document.h"
#include "siren/threats/v1/threat_feed_service.pb.h"

namespace siren {

/// What this adapter says to ingest; record numbers are left 0.
[[nodiscard]] threats::v1::StreamThreatsRequest alarm_record(told_alarm const& alarm, zone_id const& zone,
                                                             source_id const& source, world belongs_to);
[[nodiscard]] threats::v1::StreamThreatsRequest report_record(observation const& report);

}  // namespace siren
