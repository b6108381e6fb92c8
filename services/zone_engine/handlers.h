#pragma once

#include <mutex>

#include "common/access/access_guard.h"
#include "common/audit/audit_keeper.h"
#include "common/clock.h"
#include "core/alert/two_person.h"
#include "siren/alerts/v1/alarm_service.grpc.pb.h"
#include "siren/alerts/v1/zone_service.grpc.pb.h"
#include "zone_engine/alert_board.h"
#include "zone_engine/config.h"
#include "zone_engine/inbox.h"

namespace siren {

/// Operators' orders on their way to the decision loop and back. Answers only once the order and what it changed are
/// durable, or with UNAVAILABLE after order_wait: sending the same request_id again is then safe.
class alarm_handlers final : public alerts::v1::AlarmService::Service {
 public:
  struct parts {
    zone_map const& zones;
    inbox& to;
    access_guard const& guard;
    world serves;
    audit_keeper& record;
    std::function<steady_time()> now = steady_now;
    two_person_policy two_people = {};
  };
  alarm_handlers(parts with, zone_engine_limits const& limits);

  grpc::Status RaiseAlarm(grpc::ServerContext* call, alerts::v1::RaiseAlarmRequest const* request,
                          alerts::v1::RaiseAlarmResponse* answer) override;
  grpc::Status ProposeAlarm(grpc::ServerContext* call, alerts::v1::ProposeAlarmRequest const* request,
                            alerts::v1::ProposeAlarmResponse* answer) override;
  grpc::Status ListAlarmProposals(grpc::ServerContext* call, alerts::v1::ListAlarmProposalsRequest const* request,
                                  alerts::v1::ListAlarmProposalsResponse* answer) override;
  grpc::Status ApproveAlarm(grpc::ServerContext* call, alerts::v1::ApproveAlarmRequest const* request,
                            alerts::v1::ApproveAlarmResponse* answer) override;
  grpc::Status CancelAlarm(grpc::ServerContext* call, alerts::v1::CancelAlarmRequest const* request,
                           alerts::v1::CancelAlarmResponse* answer) override;
  grpc::Status ClearAlarm(grpc::ServerContext* call, alerts::v1::ClearAlarmRequest const* request,
                          alerts::v1::ClearAlarmResponse* answer) override;

 private:
  using answer_to_come = std::future<result<order_answer>>;
  [[nodiscard]] result<answer_to_come> offered(result<asked_order> asked);
  [[nodiscard]] result<order_answer> answered(result<answer_to_come> offer) const;
  [[nodiscard]] result<alarm_proposal> proposed(alerts::v1::ProposeAlarmRequest const& request, steady_time now);
  [[nodiscard]] result<answer_to_come> approved(alerts::v1::ApproveAlarmRequest const& request);
  [[nodiscard]] result<answer_to_come> cancelled(alerts::v1::CancelAlarmRequest const& request);
  /// Into the record, also when it was refused.
  template <typename Request, typename Done>
  void note(char const* act, Request const& asked, std::string const& detail, result<Done> const& done);
  /// The zone, then everything around it.
  [[nodiscard]] std::vector<zone_id> places_of(zone_id const& zone) const;
  /// The request in the name of who asks; failure: he may not.
  template <typename Request>
  [[nodiscard]] result<Request> admitted(grpc::ServerContext const& call, Request request,
                                         std::initializer_list<role> any_of) const;

  parts with_;
  zone_engine_limits limits_;
  std::mutex mutex_;  // held while an order takes its place in the inbox: an approval never overtakes a cancel
  two_person_state proposals_;
};

/// What is in the log now, zone by zone.
class zone_handlers final : public alerts::v1::ZoneService::Service {
 public:
  zone_handlers(zone_map const& zones, alert_board const& board) : zones_{zones}, board_{board} {}

  grpc::Status ListZones(grpc::ServerContext*, alerts::v1::ListZonesRequest const*,
                         alerts::v1::ListZonesResponse* answer) override;

 private:
  zone_map const& zones_;
  alert_board const& board_;
};

}  // namespace siren
