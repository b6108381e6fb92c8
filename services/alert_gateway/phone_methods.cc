#include "alert_gateway/phone_methods.h"

#include <array>

#include "alert_gateway/phone_line.h"
#include "common/convert/base_convert.h"
#include "common/convert/guidance_convert.h"

namespace siren {
namespace {

result<std::string> get_guidance(guide const& guidance, std::string_view bytes) {
  routing::v1::GetGuidanceRequest request;
  if (!request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return failure{reason::malformed, "not a GetGuidanceRequest"};
  if (!request.has_position()) return failure{reason::missing_field, "position is missing"};
  auto const place = from_proto(request.position());
  if (!place) return place.error();
  auto const profile = from_proto(request.profile());
  if (!profile) return profile.error();
  std::optional<utc_time> deadline;
  if (request.has_deadline_time()) deadline = utc_from_proto(request.deadline_time());
  if (request.phone_id().size() > kMostPhoneIdBytes)
    return failure{reason::field_too_long, "phone_id has at most 64 bytes"};
  routing::v1::GetGuidanceResponse answer;
  guidance.answer(*place, *profile, share_of(request.phone_id()), deadline, &answer);
  return answer.SerializeAsString();
}

/// Debian's libgrpc has no grpc/health/v1 header. HealthCheckRequest is one string (field 1: the service, empty: all of
/// them), HealthCheckResponse one enum (field 1: 1 SERVING, 2 NOT_SERVING).
result<std::string> check_health(bool ready, std::string_view request) {
  static constexpr std::array<std::string_view, 2> kServices{"siren.alerts.v1.AlertService",
                                                             "siren.routing.v1.GuidanceService"};
  static constexpr char kServiceTag = 0x0A;
  std::string_view service;
  if (!request.empty()) {
    if (request.size() < 2 || request[0] != kServiceTag || static_cast<std::size_t>(request[1]) != request.size() - 2)
      return failure{reason::malformed, "not a HealthCheckRequest"};
    service = request.substr(2);
  }
  auto const known = service.empty() || service == kServices[0] || service == kServices[1];
  if (!known) return failure{reason::unknown_service, "there is no such service here"};
  return std::string{'\x08', ready ? '\x01' : '\x02'};
}

}  // namespace

std::map<std::string, unary_method, std::less<>> phone_methods(guide const& guidance, std::atomic<bool> const& ready) {
  return {
      {"/siren.routing.v1.GuidanceService/GetGuidance",
       [&guidance](std::string_view request) { return get_guidance(guidance, request); }},
      {"/grpc.health.v1.Health/Check", [&ready](std::string_view request) { return check_health(ready, request); }}};
}

}  // namespace siren
