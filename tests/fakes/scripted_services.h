#pragma once

#include <grpcpp/grpcpp.h>

#include <mutex>

#include "common/convert/base_convert.h"
#include "common/rpc_server.h"
#include "siren/alerts/v1/alarm_service.grpc.pb.h"
#include "siren/alerts/v1/alert_service.grpc.pb.h"
#include "siren/alerts/v1/delivery_service.grpc.pb.h"
#include "siren/alerts/v1/zone_service.grpc.pb.h"
#include "siren/routing/v1/guidance_service.grpc.pb.h"

namespace siren {

/// Services that answer as a test tells them: one zone "31" (Kyiv), one alert "31@1".

inline alerts::v1::Alert scripted_alert(zones::v1::Stage stage, std::uint32_t rev) {
  alerts::v1::Alert made;
  made.set_alert_id("31@1");
  made.set_rev(rev);
  made.set_zone_id("31");
  made.set_stage(stage);
  made.set_world(geo::v1::WORLD_EXERCISE);
  made.set_zone_name_uk("Київ");
  made.set_zone_name_en("Kyiv");
  made.set_headline_uk("Повітряна тривога");
  made.set_headline_en("Air-raid alarm");
  to_proto(utc_time{hours{500'000}}, made.mutable_raised_time());
  to_proto(utc_time{hours{500'000}}, made.mutable_changed_time());
  return made;
}

struct scripted_alarms final : alerts::v1::AlarmService::Service {
  grpc::Status RaiseAlarm(grpc::ServerContext* call, alerts::v1::RaiseAlarmRequest const* request,
                          alerts::v1::RaiseAlarmResponse* response) override {
    std::lock_guard const lock{mutex};
    raised = *request;
    auto const token = call->client_metadata().find("authorization");
    authorization =
        token == call->client_metadata().end() ? "" : std::string{token->second.data(), token->second.size()};
    if (request->zone_id() != "31") return to_status({reason::unknown_zone, "no zone " + request->zone_id()});
    response->mutable_cursor()->set_epoch(1);
    response->mutable_cursor()->set_seq(9);
    *response->mutable_alert() = scripted_alert(request->stage(), 2);
    return grpc::Status::OK;
  }
  grpc::Status ClearAlarm(grpc::ServerContext*, alerts::v1::ClearAlarmRequest const* request,
                          alerts::v1::ClearAlarmResponse* response) override {
    std::lock_guard const lock{mutex};
    cleared = *request;
    *response->mutable_alert() = scripted_alert(zones::v1::STAGE_GO, 3);
    return grpc::Status::OK;
  }
  grpc::Status ProposeAlarm(grpc::ServerContext*, alerts::v1::ProposeAlarmRequest const* request,
                            alerts::v1::ProposeAlarmResponse* response) override {
    std::lock_guard const lock{mutex};
    proposal.set_proposal_id("p1");
    proposal.set_zone_id(request->zone_id());
    proposal.set_stage(request->stage());
    proposal.set_text(request->text());
    proposal.set_proposer(request->operator_name());
    proposal.mutable_time_left()->set_seconds(120);
    *response->mutable_proposal() = proposal;
    return grpc::Status::OK;
  }
  grpc::Status ListAlarmProposals(grpc::ServerContext*, alerts::v1::ListAlarmProposalsRequest const*,
                                  alerts::v1::ListAlarmProposalsResponse* response) override {
    std::lock_guard const lock{mutex};
    *response->add_proposals() = proposal;
    return grpc::Status::OK;
  }
  grpc::Status ApproveAlarm(grpc::ServerContext*, alerts::v1::ApproveAlarmRequest const* request,
                            alerts::v1::ApproveAlarmResponse* response) override {
    std::lock_guard const lock{mutex};
    approved = *request;
    *response->mutable_alert() = scripted_alert(request->stage(), 2);
    return grpc::Status::OK;
  }
  grpc::Status CancelAlarm(grpc::ServerContext*, alerts::v1::CancelAlarmRequest const* request,
                           alerts::v1::CancelAlarmResponse* response) override {
    std::lock_guard const lock{mutex};
    cancelled = *request;
    *response->mutable_alert() = scripted_alert(zones::v1::STAGE_ALL_CLEAR, 3);
    return grpc::Status::OK;
  }
  std::mutex mutex;
  alerts::v1::AlarmProposal proposal;
  alerts::v1::ApproveAlarmRequest approved;
  alerts::v1::CancelAlarmRequest cancelled;
  std::string authorization;
  alerts::v1::RaiseAlarmRequest raised;
  alerts::v1::ClearAlarmRequest cleared;
};

struct scripted_zones final : alerts::v1::ZoneService::Service {
  grpc::Status ListZones(grpc::ServerContext*, alerts::v1::ListZonesRequest const*,
                         alerts::v1::ListZonesResponse* response) override {
    auto* alarmed = response->add_zones();
    alarmed->mutable_zone()->set_zone_id("31");
    alarmed->mutable_zone()->set_name_en("Kyiv");
    *alarmed->mutable_alert() = scripted_alert(zones::v1::STAGE_TAKE_COVER, 2);
    auto* calm = response->add_zones();
    calm->mutable_zone()->set_zone_id("14");
    calm->mutable_zone()->set_name_en("Kyiv oblast");
    return grpc::Status::OK;
  }
};

struct scripted_delivery final : alerts::v1::DeliveryService::Service {
  grpc::Status GetDelivery(grpc::ServerContext*, alerts::v1::GetDeliveryRequest const*,
                           alerts::v1::GetDeliveryResponse* response) override {
    response->set_phones(2'000);
    response->mutable_covered()->set_seq(17);
    response->set_picture(alerts::v1::PICTURE_STATE_DEGRADED);
    response->set_alerts_sent(4'711);
    return grpc::Status::OK;
  }
};

struct scripted_guide final : routing::v1::GuidanceService::Service {
  grpc::Status GetGuidance(grpc::ServerContext*, routing::v1::GetGuidanceRequest const* request,
                           routing::v1::GetGuidanceResponse* response) override {
    std::lock_guard const lock{mutex};
    asked = *request;
    *response->mutable_guidance() = told;
    return grpc::Status::OK;
  }
  std::mutex mutex;
  routing::v1::GetGuidanceRequest asked;
  routing::v1::Guidance told;
};

/// A gateway's door: snapshot, heartbeat, one alert, one guidance, then a terminal go-away. Another world than the
/// exercise is refused.
struct scripted_gateway final : alerts::v1::AlertService::Service {
  grpc::Status WatchAlerts(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<alerts::v1::WatchAlertsResponse, alerts::v1::WatchAlertsRequest>* stream) override {
    alerts::v1::WatchAlertsRequest first;
    if (!stream->Read(&first) || !first.has_subscribe()) return to_status({reason::subscribe_first, "subscribe first"});
    if (first.subscribe().world() != geo::v1::WORLD_EXERCISE)
      return to_status({reason::wrong_mode, "this Siren serves an exercise"});
    alerts::v1::WatchAlertsResponse next;
    auto* snapshot = next.mutable_snapshot();
    set(snapshot->mutable_cursor(), 1);
    snapshot->set_world(geo::v1::WORLD_EXERCISE);
    snapshot->add_zones()->set_zone_id("31");
    snapshot->mutable_zones(0)->set_name_en("Kyiv");
    snapshot->mutable_zones(0)->set_kind(zones::v1::ZONE_KIND_CITY);
    stream->Write(next);
    auto* beat = next.mutable_heartbeat();
    set(beat->mutable_head(), 1);
    beat->set_covered_seq(1);
    to_proto(microseconds{seconds{5}}, beat->mutable_interval());
    beat->set_picture(alerts::v1::PICTURE_STATE_LIVE);
    to_proto(utc_time{hours{500'000}}, beat->mutable_now_time());
    stream->Write(next);
    auto* logged = next.mutable_alert();
    set(logged->mutable_cursor(), 2);
    *logged->mutable_alert() = scripted_alert(zones::v1::STAGE_TAKE_COVER, 1);
    stream->Write(next);
    *next.mutable_guidance() = told;
    stream->Write(next);
    next.mutable_go_away()->set_reason("DRAINING");
    next.mutable_go_away()->set_terminal(true);
    stream->Write(next);
    return grpc::Status::OK;
  }
  static void set(alerts::v1::Cursor* cursor, std::uint64_t seq) {
    cursor->set_epoch(1);
    cursor->set_seq(seq);
  }
  routing::v1::Guidance told;
};

}  // namespace siren
