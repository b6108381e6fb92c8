#pragma once

#include <string>

#include "common/convert/base_convert.h"
#include "siren/threats/v1/threat_feed_service.pb.h"

namespace siren::test {

/// Records of one imaginary hour over Kyiv, for tests of ingest.
inline utc_time noon() {
  return parse_utc("2026-01-23T12:00:00Z").value();
}

inline threats::v1::StreamThreatsRequest observed(std::string const& source, std::string const& native_id,
                                                  utc_time at = noon(),
                                                  lat_lon place = {degrees{50.9}, degrees{31.0}}) {
  threats::v1::StreamThreatsRequest request;
  auto* report = request.mutable_observation();
  report->set_source(source);
  report->set_native_id(native_id);
  to_proto(at, report->mutable_observed_time());
  to_proto(place, report->mutable_position());
  report->mutable_velocity()->set_east_mps(-30);
  report->mutable_velocity()->set_north_mps(-30);
  report->set_threat_class(threats::v1::THREAT_CLASS_DRONE);
  report->set_world(geo::v1::WORLD_EXERCISE);
  return request;
}

inline threats::v1::StreamThreatsRequest declared(std::string const& source, std::string const& region,
                                                  bool active = true, utc_time at = noon()) {
  threats::v1::StreamThreatsRequest request;
  auto* alarm = request.mutable_region_alarm();
  alarm->set_source(source);
  alarm->set_region_id(region);
  alarm->set_type(threats::v1::ALARM_TYPE_AIR);
  alarm->set_active(active);
  to_proto(at, alarm->mutable_changed_time());
  alarm->set_world(geo::v1::WORLD_EXERCISE);
  return request;
}

inline threats::v1::StreamThreatsRequest beat(std::string const& source) {
  threats::v1::StreamThreatsRequest request;
  request.mutable_beat()->set_source(source);
  return request;
}

}  // namespace siren::test
