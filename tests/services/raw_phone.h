#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/time.h"
#include "services/gateway_world.h"
#include "siren/alerts/v1/alert_service.grpc.pb.h"

namespace siren {

using alerts::v1::WatchAlertsRequest;
using alerts::v1::WatchAlertsResponse;
inline constexpr seconds kPatience{20};

/// A phone made of nothing but stock gRPC. Every wait ends with the stream's deadline.
class raw_phone {
 public:
  explicit raw_phone(gateway const& to)
      : stub_{alerts::v1::AlertService::NewStub(
            grpc::CreateChannel(to.phones_address(), grpc::InsecureChannelCredentials()))} {
    context_.set_deadline(std::chrono::system_clock::now() + kPatience);
    stream_ = stub_->WatchAlerts(&context_);
  }
  ~raw_phone() {
    context_.TryCancel();
    if (!ended_) (void)end();
  }

  static WatchAlertsRequest subscription(std::vector<std::string> const& zones) {
    WatchAlertsRequest request;
    request.mutable_subscribe()->set_world(geo::v1::WORLD_EXERCISE);
    for (auto const& zone : zones) request.mutable_subscribe()->add_watch_zone_ids(zone);
    return request;
  }
  static WatchAlertsRequest at(double lat, double lon) {
    auto request = subscription({});
    request.mutable_subscribe()->mutable_position()->set_latitude_deg(lat);
    request.mutable_subscribe()->mutable_position()->set_longitude_deg(lon);
    return request;
  }
  static WatchAlertsRequest moved_to(double lat, double lon) {
    WatchAlertsRequest request;
    request.mutable_update_position()->mutable_position()->set_latitude_deg(lat);
    request.mutable_update_position()->mutable_position()->set_longitude_deg(lon);
    return request;
  }
  static WatchAlertsRequest resuming(cursor from, std::vector<std::string> const& zones) {
    auto request = subscription(zones);
    to_proto(from, request.mutable_subscribe()->mutable_resume_from());
    for (auto const& zone : zones) request.mutable_subscribe()->add_resume_zone_ids(zone);
    return request;
  }

  void say(WatchAlertsRequest const& request) { stream_->Write(request); }
  /// The next word; empty when the stream has ended.
  WatchAlertsResponse next() {
    WatchAlertsResponse heard;
    if (!stream_->Read(&heard)) heard.Clear();
    return heard;
  }
  /// The next word of this kind; others are passed over.
  WatchAlertsResponse next(WatchAlertsResponse::EventCase kind) {
    for (;;) {
      auto heard = next();
      if (heard.event_case() == kind) return heard;
      if (heard.event_case() == WatchAlertsResponse::EVENT_NOT_SET) {
        ADD_FAILURE() << "the stream ended: " << end().error_message();
        return heard;
      }
    }
  }
  std::uint64_t next_alert_seq() { return next(WatchAlertsResponse::kAlert).alert().cursor().seq(); }
  grpc::Status end() {
    WatchAlertsResponse rest;
    while (stream_->Read(&rest)) {
    }
    ended_ = true;
    return stream_->Finish();
  }

 private:
  std::unique_ptr<alerts::v1::AlertService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<WatchAlertsRequest, WatchAlertsResponse>> stream_;
  bool ended_ = false;
};

}  // namespace siren
