#pragma once

#include <optional>

#include "core/route/guidance.h"
#include "siren/routing/v1/guidance.pb.h"

namespace siren {

[[nodiscard]] routing::v1::WalkingProfile to_proto(walking_profile from);
/// Unspecified is the average walker. Failure: MALFORMED when unknown.
[[nodiscard]] result<walking_profile> from_proto(routing::v1::WalkingProfile from);

[[nodiscard]] routing::v1::Verdict to_proto(verdict_kind from);
[[nodiscard]] routing::v1::VerdictReason to_proto(verdict_reason from);
[[nodiscard]] routing::v1::Maneuver to_proto(maneuver from);
[[nodiscard]] routing::v1::RoomBand to_proto(room_band from);  // hidden is UNSPECIFIED
void to_proto(told_ride const& from, routing::v1::Ride* to);
void to_proto(route const& from, routing::v1::Route* to);
void to_proto(alternative const& from, routing::v1::Alternative* to);

/// What one person is told, in fields and in words. `deadline`: the one it was judged under. The alert is left empty.
void to_proto(guidance const& from, std::optional<utc_time> deadline, routing::v1::Guidance* to);

}  // namespace siren
