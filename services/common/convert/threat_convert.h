#pragma once

#include "core/track/track.h"
#include "core/zone/launch.h"
#include "core/zone/region_alarm.h"
#include "siren/threats/v1/threat.pb.h"

namespace siren {

/// As the feed said it, for the intake to judge: places and numbers unchecked (NaN passes, an absent place is NaN), an
/// absent time is 1970-01-01, a class, status or world that does not exist stays one that does not exist. An unset
/// status is active, a count of 0 is 1. trace and received_at are the caller's to set.
[[nodiscard]] observation from_proto(threats::v1::Observation const& from);
void to_proto(observation const& from, threats::v1::Observation* to);

/// Failure: what the place's from_proto says; MALFORMED for a covariance that is not 16 finite numbers, or a class or
/// end that does not exist.
[[nodiscard]] result<track_change> from_proto(threats::v1::Track const& from);
void to_proto(track_change const& from, threats::v1::Track* to);

/// As the feed said it, for the intake to judge; an alarm type that does not exist is unknown (shown and logged, never
/// dropped). trace and received_at are the caller's to set.
[[nodiscard]] region_alarm from_proto(threats::v1::RegionAlarm const& from);
[[nodiscard]] region_alarm from_proto(threats::v1::LoggedRegionAlarm const& from);
void to_proto(region_alarm const& from, threats::v1::LoggedRegionAlarm* to);

/// As the feed said it, for the intake to judge: numbers unchecked, an absent place is NaN. trace and received_at are
/// the caller's to set.
[[nodiscard]] launch_report from_proto(threats::v1::LaunchReport const& from);
[[nodiscard]] launch_report from_proto(threats::v1::LoggedLaunch const& from);
void to_proto(launch_report const& from, threats::v1::LoggedLaunch* to);

}  // namespace siren
