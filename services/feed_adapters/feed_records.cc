#include "feed_adapters/feed_records.h"

#include "common/convert/base_convert.h"
#include "common/convert/threat_convert.h"

namespace siren {

threats::v1::StreamThreatsRequest alarm_record(told_alarm const& alarm, zone_id const& zone, source_id const& source,
                                               world belongs_to) {
  region_alarm said;
  said.source = source;
  said.native_id = alarm.native_id;
  said.region = zone;
  said.type = alarm.type;
  said.active = alarm.active;
  said.changed_at = alarm.changed_at;
  said.belongs_to = belongs_to;
  threats::v1::LoggedRegionAlarm logged;
  to_proto(said, &logged);
  threats::v1::StreamThreatsRequest record;
  *record.mutable_region_alarm() = std::move(*logged.mutable_alarm());
  return record;
}

threats::v1::StreamThreatsRequest report_record(observation const& report) {
  threats::v1::StreamThreatsRequest record;
  to_proto(report, record.mutable_observation());
  return record;
}

}  // namespace siren
