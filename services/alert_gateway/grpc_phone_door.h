#pragma once

#include <memory>

#include "alert_gateway/phone_line.h"
#include "siren/alerts/v1/alert_service.grpc.pb.h"
#include "siren/routing/v1/guidance_service.grpc.pb.h"

namespace siren {

/// AlertService over gRPC's callback API with raw bytes: an alert's bytes are one slice with a reference per stream.
/// The callback threads are few (half the cores, 2 to 16): nothing here blocks.
class grpc_alert_door final
    : public alerts::v1::AlertService::WithRawCallbackMethod_WatchAlerts<alerts::v1::AlertService::Service> {
 public:
  explicit grpc_alert_door(line_surroundings const& around) : around_{around} {}
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* WatchAlerts(
      grpc::CallbackServerContext* context) override;

 private:
  line_surroundings const& around_;
};

/// GuidanceService from memory. The position is used for the answer and kept nowhere.
class grpc_guidance_door final : public routing::v1::GuidanceService::CallbackService {
 public:
  explicit grpc_guidance_door(guide const& guidance) : guide_{guidance} {}
  grpc::ServerUnaryReactor* GetGuidance(grpc::CallbackServerContext* context,
                                        routing::v1::GetGuidanceRequest const* request,
                                        routing::v1::GetGuidanceResponse* answer) override;

 private:
  guide const& guide_;
};

}  // namespace siren
