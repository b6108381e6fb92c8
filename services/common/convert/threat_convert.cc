#include "common/convert/threat_convert.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/convert/base_convert.h"

namespace siren {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint8_t kNoSuchThing = 0xff;

/// An enumerator of ours by its wire number; numbers that fit no enumeration stay recognisable as such.
template <typename Enum>
Enum enum_of(int number) {
  return static_cast<Enum>(number >= 0 && number < kNoSuchThing ? static_cast<std::uint8_t>(number) : kNoSuchThing);
}

template <typename Quantity>
std::optional<Quantity> optional_of(bool present, double value) {
  return present ? std::optional{Quantity{value}} : std::nullopt;
}

ground_velocity from_proto(threats::v1::GroundVelocity const& from) {
  return {meters_per_second{from.east_mps()}, meters_per_second{from.north_mps()}};
}

void to_proto(ground_velocity from, threats::v1::GroundVelocity* to) {
  to->set_east_mps(from.east.value);
  to->set_north_mps(from.north.value);
}

alarm_type alarm_type_of(threats::v1::AlarmType type) {
  return threats::v1::AlarmType_IsValid(type) ? static_cast<alarm_type>(type) : alarm_type::unknown;
}

}  // namespace

observation from_proto(threats::v1::Observation const& from) {
  observation to;
  to.source = source_id{from.source()};
  to.native_id = from.native_id();
  to.observed_at = from.has_observed_time() ? utc_from_proto(from.observed_time()) : utc_time{};
  to.position = from.has_position() ? unchecked_from_proto(from.position()) : lat_lon{degrees{kNaN}, degrees{kNaN}};
  to.position_sigma = optional_of<meters>(from.has_position_sigma_m(), from.position_sigma_m());
  if (from.has_velocity()) to.velocity = from_proto(from.velocity());
  to.velocity_sigma = optional_of<meters_per_second>(from.has_velocity_sigma_mps(), from.velocity_sigma_mps());
  to.altitude = optional_of<meters>(from.has_altitude_m(), from.altitude_m());
  to.kind = enum_of<threat_class>(from.threat_class());
  to.class_confidence = optional_of<probability>(from.has_threat_class_confidence(), from.threat_class_confidence());
  to.origin = source_id{from.origin_source()};
  to.fused = from.fused();
  to.count = std::max(1U, from.count());
  to.status = from.status() == threats::v1::OBJECT_STATUS_UNSPECIFIED ? object_status::active
                                                                      : enum_of<object_status>(from.status());
  to.belongs_to = enum_of<world>(from.world());
  return to;
}

void to_proto(observation const& from, threats::v1::Observation* to) {
  to->set_source(from.source.value);
  to->set_native_id(from.native_id);
  to_proto(from.observed_at, to->mutable_observed_time());
  to_proto(from.position, to->mutable_position());
  if (from.position_sigma) to->set_position_sigma_m(from.position_sigma->value);
  if (from.velocity) to_proto(*from.velocity, to->mutable_velocity());
  if (from.velocity_sigma) to->set_velocity_sigma_mps(from.velocity_sigma->value);
  if (from.altitude) to->set_altitude_m(from.altitude->value);
  to->set_threat_class(static_cast<threats::v1::ThreatClass>(from.kind));
  if (from.class_confidence) to->set_threat_class_confidence(from.class_confidence->value);
  to->set_origin_source(from.origin.value);
  to->set_fused(from.fused);
  to->set_count(from.count);
  to->set_status(static_cast<threats::v1::ObjectStatus>(from.status));
  to->set_world(to_proto(from.belongs_to));
}

result<track_change> from_proto(threats::v1::Track const& from) {
  track_change to;
  auto& now = to.now;
  auto const place = from_proto(from.position());
  if (!place) return place.error();
  if (from.covariance_size() != static_cast<int>(now.covariance.size()) ||
      !std::all_of(from.covariance().begin(), from.covariance().end(), [](double v) { return std::isfinite(v); }))
    return failure{reason::malformed, "a track's covariance is 16 finite numbers"};
  if (!threats::v1::ThreatClass_IsValid(from.threat_class()) || !threats::v1::TrackEnd_IsValid(from.end()))
    return failure{reason::malformed, "no such threat class or track end"};
  now.id = track_id{from.track_id()};
  now.kind = static_cast<threat_class>(from.threat_class());
  now.count = from.count();
  now.confirmed = from.confirmed();
  now.position = *place;
  now.velocity = from_proto(from.velocity());
  std::copy(from.covariance().begin(), from.covariance().end(), now.covariance.begin());
  now.born_at = utc_from_proto(from.born_time());
  now.updated_at = utc_from_proto(from.updated_time());
  for (auto const& source : from.sources()) now.sources.emplace_back(source);
  now.trace = trace_id{from.trace_id()};
  now.received_at = wall_from_proto(from.received_time());
  to.end = static_cast<track_end>(from.end());
  return to;
}

void to_proto(track_change const& from, threats::v1::Track* to) {
  auto const& now = from.now;
  to->set_track_id(now.id.value);
  to->set_threat_class(static_cast<threats::v1::ThreatClass>(now.kind));
  to->set_count(now.count);
  to->set_confirmed(now.confirmed);
  to_proto(now.position, to->mutable_position());
  to_proto(now.velocity, to->mutable_velocity());
  to->mutable_covariance()->Add(now.covariance.begin(), now.covariance.end());
  to_proto(now.born_at, to->mutable_born_time());
  to_proto(now.updated_at, to->mutable_updated_time());
  for (auto const& source : now.sources) to->add_sources(source.value);
  to->set_trace_id(now.trace.value);
  to_proto(now.received_at, to->mutable_received_time());
  to->set_end(static_cast<threats::v1::TrackEnd>(from.end));
}

region_alarm from_proto(threats::v1::RegionAlarm const& from) {
  region_alarm to;
  to.source = source_id{from.source()};
  to.native_id = from.native_id();
  to.region = zone_id{from.region_id()};
  to.type = alarm_type_of(from.type());
  to.active = from.active();
  to.changed_at = from.has_changed_time() ? utc_from_proto(from.changed_time()) : utc_time{};
  to.belongs_to = enum_of<world>(from.world());
  return to;
}

region_alarm from_proto(threats::v1::LoggedRegionAlarm const& from) {
  auto to = from_proto(from.alarm());
  to.trace = trace_id{from.trace_id()};
  to.received_at = wall_from_proto(from.received_time());
  return to;
}

void to_proto(region_alarm const& from, threats::v1::LoggedRegionAlarm* to) {
  auto* alarm = to->mutable_alarm();
  alarm->set_source(from.source.value);
  alarm->set_native_id(from.native_id);
  alarm->set_region_id(from.region.value);
  alarm->set_type(static_cast<threats::v1::AlarmType>(from.type));
  alarm->set_active(from.active);
  to_proto(from.changed_at, alarm->mutable_changed_time());
  alarm->set_world(to_proto(from.belongs_to));
  to->set_trace_id(from.trace.value);
  to_proto(from.received_at, to->mutable_received_time());
}

launch_report from_proto(threats::v1::LaunchReport const& from) {
  launch_report to;
  to.source = source_id{from.source()};
  to.native_id = from.native_id();
  to.kind = enum_of<threat_class>(from.threat_class());
  to.from = from.has_position() ? unchecked_from_proto(from.position()) : lat_lon{degrees{kNaN}, degrees{kNaN}};
  to.course = optional_of<degrees>(from.has_course_deg(), from.course_deg());
  to.over = from.over();
  to.at = from.has_launched_time() ? utc_from_proto(from.launched_time()) : utc_time{};
  to.belongs_to = enum_of<world>(from.world());
  return to;
}

launch_report from_proto(threats::v1::LoggedLaunch const& from) {
  auto to = from_proto(from.launch());
  to.trace = trace_id{from.trace_id()};
  to.received_at = wall_from_proto(from.received_time());
  return to;
}

void to_proto(launch_report const& from, threats::v1::LoggedLaunch* to) {
  auto* launch = to->mutable_launch();
  launch->set_source(from.source.value);
  launch->set_native_id(from.native_id);
  launch->set_threat_class(static_cast<threats::v1::ThreatClass>(from.kind));
  to_proto(from.from, launch->mutable_position());
  if (from.course) launch->set_course_deg(from.course->value);
  launch->set_over(from.over);
  to_proto(from.at, launch->mutable_launched_time());
  launch->set_world(to_proto(from.belongs_to));
  to->set_trace_id(from.trace.value);
  to_proto(from.received_at, to->mutable_received_time());
}

}  // namespace siren
