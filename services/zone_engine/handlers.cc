#include "zone_engine/handlers.h"

#include <fmt/format.h>

#include <random>

#include "common/clock.h"
#include "common/convert/alert_convert.h"
#include "common/rpc_server.h"

namespace siren {
namespace {

trace_id new_trace() {
  std::random_device random;
  return trace_id{fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random())};
}

template <typename Response>
grpc::Status put(result<order_answer> const& done, Response* answer) {
  if (!done) return to_status(done.error());
  to_proto(done->at, answer->mutable_cursor());
  if (!done->alert.empty() && !answer->mutable_alert()->ParseFromString(done->alert))
    return to_status({reason::internal_error, "the alert in the log can't be read"});
  return grpc::Status::OK;
}

}  // namespace

alarm_handlers::alarm_handlers(parts with, zone_engine_limits const& limits) : with_{with}, limits_{limits} {}

template <typename Request>
result<Request> alarm_handlers::admitted(grpc::ServerContext const& call, Request request,
                                         std::initializer_list<role> any_of) const {
  zone_id const zone{request.zone_id()};
  std::vector<zone_id> places{zone};
  if (with_.zones.find(zone) != nullptr) {
    auto const& around = with_.zones.ancestors(zone);
    places.insert(places.end(), around.begin(), around.end());
  }
  auto const who = with_.guard.admit(call, request.operator_name(), any_of, places);
  if (!who) return who.error();
  request.set_operator_name(who->name);
  return request;
}

result<order_answer> alarm_handlers::obeyed(result<asked_order> asked) {
  if (!asked) return asked.error();
  asked->order.trace = new_trace();
  auto promise = std::make_shared<std::promise<result<order_answer>>>();
  auto future = promise->get_future();
  if (!with_.to.offer({order_input{std::move(asked).value(), std::move(promise)}, steady_now()}))
    return failure{reason::too_many_requests, "too much waits to be decided; send the same request again"};
  if (future.wait_for(limits_.order_wait) != std::future_status::ready)
    return failure{reason::store_unavailable,
                   "not durable yet; send the same request again to learn what became of it"};
  try {
    return future.get();
  } catch (std::future_error const&) {
    return failure{reason::draining, "the engine stopped before it decided; send the same request again"};
  }
}

grpc::Status alarm_handlers::RaiseAlarm(grpc::ServerContext* call, alerts::v1::RaiseAlarmRequest const* request,
                                        alerts::v1::RaiseAlarmResponse* answer) {
  auto const raises = with_.serves == world::live ? role::alarm_approver : role::exercise_leader;
  auto const asked = admitted(*call, *request, {raises});
  if (!asked) return to_status(asked.error());
  return put(obeyed(order_of(*asked, with_.zones)), answer);
}

grpc::Status alarm_handlers::ClearAlarm(grpc::ServerContext* call, alerts::v1::ClearAlarmRequest const* request,
                                        alerts::v1::ClearAlarmResponse* answer) {
  auto const asked = admitted(*call, *request, {role::alarm_proposer, role::alarm_approver, role::exercise_leader});
  if (!asked) return to_status(asked.error());
  return put(obeyed(order_of(*asked, with_.zones)), answer);
}

grpc::Status zone_handlers::ListZones(grpc::ServerContext* /*context*/, alerts::v1::ListZonesRequest const* /*request*/,
                                      alerts::v1::ListZonesResponse* answer) {
  for (auto const& zone : zones_.all()) {
    auto* row = answer->add_zones();
    to_proto(zone, row->mutable_zone());
    auto const newest = board_.newest(zone.id);
    if (newest && !newest->ended && !row->mutable_alert()->ParseFromString(newest->bytes)) row->clear_alert();
  }
  return grpc::Status::OK;
}

}  // namespace siren
