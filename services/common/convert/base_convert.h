#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "core/base/mode.h"
#include "core/base/time.h"
#include "core/geo/position.h"
#include "siren/geo/v1/geo.pb.h"

namespace siren {

void to_proto(utc_time from, google::protobuf::Timestamp* to);
void to_proto(wall_time from, google::protobuf::Timestamp* to);
void to_proto(microseconds from, google::protobuf::Duration* to);
void to_proto(lat_lon from, geo::v1::Position* to);
[[nodiscard]] geo::v1::World to_proto(world from);

/// Microseconds; an out-of-range Timestamp is clamped, never undefined.
[[nodiscard]] utc_time utc_from_proto(google::protobuf::Timestamp const& from);
[[nodiscard]] wall_time wall_from_proto(google::protobuf::Timestamp const& from);
[[nodiscard]] microseconds from_proto(google::protobuf::Duration const& from);

/// Failure: NOT_FINITE, LATITUDE_OUT_OF_RANGE, LONGITUDE_OUT_OF_RANGE.
[[nodiscard]] result<lat_lon> from_proto(geo::v1::Position const& from);
/// As it stands, unchecked: for records whose own rules judge the place.
[[nodiscard]] lat_lon unchecked_from_proto(geo::v1::Position const& from);
/// Failure: MISSING_FIELD when unspecified or unknown.
[[nodiscard]] result<world> from_proto(geo::v1::World from);

}  // namespace siren
