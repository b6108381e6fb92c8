#pragma once

#include "core/shelter/conditions.h"
#include "siren/shelters/v1/conditions.pb.h"

namespace siren {

[[nodiscard]] shelters::v1::LightRule to_proto(light_rule from);
/// Failure: MISSING_FIELD when unspecified, MALFORMED when unknown.
[[nodiscard]] result<light_rule> from_proto(shelters::v1::LightRule from);
void to_proto(ground_conditions const& from, shelters::v1::Conditions* to);
/// Failure: as for the light rule.
[[nodiscard]] result<ground_conditions> from_proto(shelters::v1::Conditions const& from);

}  // namespace siren
