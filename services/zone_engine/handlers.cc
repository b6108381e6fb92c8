#include "zone_engine/handlers.h"

#include <fmt/format.h>

#include <random>

#include "common/clock.h"
#include "common/convert/alert_convert.h"
#include "common/rpc_server.h"

namespace siren {
namespace {

// Whose order it is that two people gave: the zone has one word of theirs, the newest.
constexpr char kTwoPeople[] = "two_people";
constexpr char kProposalPrefix[] = "proposal/";

std::string new_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

template <typename Request>
std::string words_in(Request const& request) {
  return zones::v1::Stage_Name(request.stage()) + " \"" + request.text() + "\"";
}

trace_id new_trace() {
  return trace_id{new_id()};
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

template <typename Request, typename Done>
void alarm_handlers::note(char const* act, Request const& asked, std::string const& detail, result<Done> const& done) {
  auto text = detail + " (request " + asked.request_id() + ")";
  if (!done) text += ": refused, " + std::string{name_of(done.error().why)};
  with_.record.note({"orders", asked.operator_name(), act, asked.zone_id(), std::move(text), {}});
}

std::vector<zone_id> alarm_handlers::places_of(zone_id const& zone) const {
  std::vector<zone_id> places{zone};
  for (auto const at : with_.zones.meant_by(zone)) {
    auto const& now = with_.zones.all()[at].id;
    auto const& around = with_.zones.ancestors(now);
    places.push_back(now);
    places.insert(places.end(), around.begin(), around.end());
  }
  return places;
}

template <typename Request>
result<Request> alarm_handlers::admitted(grpc::ServerContext const& call, Request request,
                                         std::initializer_list<role> any_of) const {
  auto const who = with_.guard.admit(call, request.operator_name(), any_of, places_of(zone_id{request.zone_id()}));
  if (!who) return who.error();
  // So begin our own orders' ids: nobody may use up the one that an approval will have.
  if (request.request_id().starts_with(kProposalPrefix))
    return failure{reason::malformed, "a request_id does not begin with " + std::string{kProposalPrefix}};
  request.set_operator_name(who->name);
  return request;
}

result<alarm_handlers::answer_to_come> alarm_handlers::offered(result<asked_order> asked) {
  if (!asked) return asked.error();
  asked->order.trace = new_trace();
  auto promise = std::make_shared<std::promise<result<order_answer>>>();
  auto future = promise->get_future();
  if (!with_.to.offer({order_input{std::move(asked).value(), std::move(promise)}, steady_now()}))
    return failure{reason::too_many_requests, "too much waits to be decided; send the same request again"};
  return future;
}

result<order_answer> alarm_handlers::answered(result<answer_to_come> offer) const {
  if (!offer) return offer.error();
  if (offer->wait_for(limits_.order_wait) != std::future_status::ready)
    return failure{reason::store_unavailable,
                   "not durable yet; send the same request again to learn what became of it"};
  try {
    return offer->get();
  } catch (std::future_error const&) {
    return failure{reason::draining, "the engine stopped before it decided; send the same request again"};
  }
}

grpc::Status alarm_handlers::RaiseAlarm(grpc::ServerContext* call, alerts::v1::RaiseAlarmRequest const* request,
                                        alerts::v1::RaiseAlarmResponse* answer) {
  auto const asked = admitted(*call, *request, {role::exercise_leader});
  if (!asked) return to_status(asked.error());
  if (with_.serves == world::live)
    return to_status({reason::second_person_needed, "one person raises drills only; propose the alarm"});
  auto const done = answered(offered(order_of(*asked, with_.zones)));
  note("raise_drill", *asked, words_in(*asked), done);
  return put(done, answer);
}

grpc::Status alarm_handlers::ClearAlarm(grpc::ServerContext* call, alerts::v1::ClearAlarmRequest const* request,
                                        alerts::v1::ClearAlarmResponse* answer) {
  auto const asked = admitted(*call, *request, {role::alarm_proposer, role::alarm_approver, role::exercise_leader});
  if (!asked) return to_status(asked.error());
  auto const done = answered(offered(order_of(*asked, with_.zones)));
  note("clear", *asked, "own order", done);
  return put(done, answer);
}

grpc::Status alarm_handlers::ProposeAlarm(grpc::ServerContext* call, alerts::v1::ProposeAlarmRequest const* request,
                                          alerts::v1::ProposeAlarmResponse* answer) {
  auto const asked = admitted(*call, *request, {role::alarm_proposer});
  if (!asked) return to_status(asked.error());
  auto const now = with_.now();
  auto const made = proposed(*asked, now);
  note("propose", *asked, (made ? "proposal " + made->id + ", " : "") + words_in(*asked), made);
  if (!made) return to_status(made.error());
  to_proto(*made, now, with_.two_people, answer->mutable_proposal());
  return grpc::Status::OK;
}

result<alarm_proposal> alarm_handlers::proposed(alerts::v1::ProposeAlarmRequest const& request, steady_time now) {
  auto const words = words_of(request, with_.zones);
  if (!words) return words.error();
  std::lock_guard const lock{mutex_};
  return apply(proposals_, propose_alarm{new_id(), request.request_id(), request.operator_name(), *words, now},
               with_.two_people);
}

grpc::Status alarm_handlers::ListAlarmProposals(grpc::ServerContext* call,
                                                alerts::v1::ListAlarmProposalsRequest const* request,
                                                alerts::v1::ListAlarmProposalsResponse* answer) {
  auto const now = with_.now();
  std::lock_guard const lock{mutex_};
  for (auto const& each : waiting(proposals_, now, with_.two_people)) {
    auto const who = with_.guard.admit(*call, request->operator_name(),
                                       {role::alarm_proposer, role::alarm_approver, role::viewer, role::auditor},
                                       places_of(each.words.zone));
    if (who)
      to_proto(each, now, with_.two_people, answer->add_proposals());
    else if (who.error().why != reason::role_missing)
      return to_status(who.error());
  }
  return grpc::Status::OK;
}

/// Whoever repeats an approval gives the engine the same request again, which obeys it once.
result<alarm_handlers::answer_to_come> alarm_handlers::approved(alerts::v1::ApproveAlarmRequest const& request) {
  auto const words = words_of(request, with_.zones);
  if (!words) return words.error();
  std::lock_guard const lock{mutex_};
  auto const both = apply(
      proposals_, approve_alarm{request.proposal_id(), request.operator_name(), *words, with_.now()}, with_.two_people);
  if (!both) return both.error();
  alerts::v1::RaiseAlarmRequest order;
  order.set_request_id(kProposalPrefix + both->id);
  order.set_operator_name(kTwoPeople);
  order.set_zone_id(request.zone_id());
  order.set_stage(request.stage());
  order.set_text(request.text());
  return offered(order_of(order, with_.zones));
}

grpc::Status alarm_handlers::ApproveAlarm(grpc::ServerContext* call, alerts::v1::ApproveAlarmRequest const* request,
                                          alerts::v1::ApproveAlarmResponse* answer) {
  auto const asked = admitted(*call, *request, {role::alarm_approver});
  if (!asked) return to_status(asked.error());
  auto const done = answered(approved(*asked));
  note("approve", *asked, "proposal " + asked->proposal_id() + ", " + words_in(*asked), done);
  return put(done, answer);
}

result<alarm_handlers::answer_to_come> alarm_handlers::cancelled(alerts::v1::CancelAlarmRequest const& request) {
  alerts::v1::ClearAlarmRequest order;
  order.set_request_id(request.request_id());
  order.set_operator_name(kTwoPeople);
  order.set_zone_id(request.zone_id());
  auto asked = order_of(order, with_.zones);
  if (!asked) return asked.error();
  // All cancel the same order: the same request_id of another person is another request.
  asked->order.request_id = "cancel/" + hex_of(sha256_of(request.operator_name() + "\n" + request.request_id()));
  std::lock_guard const lock{mutex_};
  withdraw(proposals_, zone_id{request.zone_id()});
  return offered(std::move(asked));
}

grpc::Status alarm_handlers::CancelAlarm(grpc::ServerContext* call, alerts::v1::CancelAlarmRequest const* request,
                                         alerts::v1::CancelAlarmResponse* answer) {
  auto const asked = admitted(*call, *request, {role::alarm_proposer, role::alarm_approver});
  if (!asked) return to_status(asked.error());
  auto const done = answered(cancelled(*asked));
  note("cancel", *asked, "what two people raised or proposed", done);
  return put(done, answer);
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
