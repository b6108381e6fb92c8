#include "common/convert/base_convert.h"

#include <algorithm>
#include <cmath>

namespace siren {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
// Years 0001 to 9999, the range of google.protobuf.Timestamp.
constexpr std::int64_t kMinSeconds = -62'135'596'800;
constexpr std::int64_t kMaxSeconds = 253'402'300'799;

void split(std::int64_t micros, google::protobuf::Timestamp* to) {
  auto whole = micros / kMicros;
  auto rest = micros % kMicros;
  if (rest < 0) {
    rest += kMicros;
    --whole;
  }
  to->set_seconds(whole);
  to->set_nanos(static_cast<std::int32_t>(rest * 1000));
}

microseconds joined(google::protobuf::Timestamp const& from) {
  auto const whole = std::clamp(from.seconds(), kMinSeconds, kMaxSeconds);
  return microseconds{whole * kMicros + std::clamp(from.nanos(), 0, 999'999'999) / 1000};
}

}  // namespace

void to_proto(utc_time from, google::protobuf::Timestamp* to) {
  split(from.time_since_epoch().count(), to);
}
void to_proto(wall_time from, google::protobuf::Timestamp* to) {
  split(from.time_since_epoch().count(), to);
}

void to_proto(microseconds from, google::protobuf::Duration* to) {
  to->set_seconds(from.count() / kMicros);
  to->set_nanos(static_cast<std::int32_t>(from.count() % kMicros * 1000));
}

void to_proto(lat_lon from, geo::v1::Position* to) {
  to->set_latitude_deg(from.lat.value);
  to->set_longitude_deg(from.lon.value);
}

geo::v1::World to_proto(world from) {
  return from == world::live ? geo::v1::WORLD_LIVE : geo::v1::WORLD_EXERCISE;
}

utc_time utc_from_proto(google::protobuf::Timestamp const& from) {
  return utc_time{joined(from)};
}
wall_time wall_from_proto(google::protobuf::Timestamp const& from) {
  return wall_time{joined(from)};
}

microseconds from_proto(google::protobuf::Duration const& from) {
  auto const whole = std::clamp<std::int64_t>(from.seconds(), -kMaxSeconds, kMaxSeconds);
  return microseconds{whole * kMicros + from.nanos() / 1000};
}

result<lat_lon> from_proto(geo::v1::Position const& from) {
  if (!std::isfinite(from.latitude_deg()) || !std::isfinite(from.longitude_deg()))
    return failure{reason::not_finite, "latitude and longitude must be finite"};
  if (std::abs(from.latitude_deg()) > 90.0)
    return failure{reason::latitude_out_of_range, "latitude must lie in [-90, 90]"};
  if (std::abs(from.longitude_deg()) > 180.0)
    return failure{reason::longitude_out_of_range, "longitude must lie in [-180, 180]"};
  return unchecked_from_proto(from);
}

lat_lon unchecked_from_proto(geo::v1::Position const& from) {
  return {degrees{from.latitude_deg()}, degrees{from.longitude_deg()}};
}

result<world> from_proto(geo::v1::World from) {
  switch (from) {
    case geo::v1::WORLD_LIVE:
      return world::live;
    case geo::v1::WORLD_EXERCISE:
      return world::exercise;
    default:
      return failure{reason::missing_field, "world must be LIVE or EXERCISE"};
  }
}

}  // namespace siren
