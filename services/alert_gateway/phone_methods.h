#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "alert_gateway/answer_desk.h"
#include "alert_gateway/guide.h"

namespace siren {

/// The path of AlertService.WatchAlerts.
inline constexpr std::string_view kWatchAlerts = "/siren.alerts.v1.AlertService/WatchAlerts";

/// What phones may ask besides: GuidanceService.GetGuidance from memory (the position is used for the answer and kept
/// nowhere), and grpc.health.v1.Health.Check, which says SERVING while `ready`. By path.
[[nodiscard]] std::map<std::string, unary_method, std::less<>> phone_methods(guide const& guidance,
                                                                             std::atomic<bool> const& ready);

}  // namespace siren
