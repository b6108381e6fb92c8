#pragma once

#include "core/shelter/shelter.h"
#include "siren/shelters/v1/shelter.pb.h"

namespace siren {

[[nodiscard]] shelters::v1::ShelterType to_proto(shelter_type from);
[[nodiscard]] shelters::v1::OpenState to_proto(open_state from);    // unknown is UNSPECIFIED
[[nodiscard]] shelters::v1::MetroRole to_proto(metro_role from);    // none is UNSPECIFIED
[[nodiscard]] shelters::v1::AccessRule to_proto(access_rule from);  // unknown is UNSPECIFIED
void to_proto(entrance const& from, shelters::v1::Entrance* to);
void to_proto(shelter const& from, shelters::v1::Shelter* to);

/// Failure: MALFORMED for a value that this release does not know; MISSING_FIELD for an unspecified type.
[[nodiscard]] result<shelter_type> from_proto(shelters::v1::ShelterType from);
[[nodiscard]] result<open_state> from_proto(shelters::v1::OpenState from);
[[nodiscard]] result<metro_role> from_proto(shelters::v1::MetroRole from);
[[nodiscard]] result<access_rule> from_proto(shelters::v1::AccessRule from);
[[nodiscard]] daily_hours from_proto(shelters::v1::DailyHours const& from);  // unchecked
/// Failure: as from_proto of a position.
[[nodiscard]] result<entrance> from_proto(shelters::v1::Entrance const& from);
/// Failure: any of the above, or what siren::validate finds.
[[nodiscard]] result<shelter> from_proto(shelters::v1::Shelter const& from);

}  // namespace siren
