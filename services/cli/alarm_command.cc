#include "cli/commands.h"
#include "common/access/access_guard.h"
#include "common/convert/alert_convert.h"
#include "common/rpc_server.h"
#include "siren/alerts/v1/alarm_service.grpc.pb.h"

namespace siren {
namespace {

namespace api = alerts::v1;
constexpr milliseconds kCall{10'000};
constexpr char kService[] = "zone_engine";

std::optional<stage> stage_named(std::string const& name) {
  for (auto const one : {stage::prepare, stage::go, stage::take_cover})
    if (name_of(one) == name) return one;
  return std::nullopt;
}

void show(terminal const& io, api::Cursor const& cursor, api::Alert const& alert) {
  auto const level = from_proto(alert.stage());
  io.out << alert.zone_id() << ' ' << alert.zone_name_en() << ": " << (level ? name_of(*level) : "?") << ", alert "
         << alert.alert_id() << " rev " << alert.rev() << " at " << cursor.epoch() << '/' << cursor.seq() << '\n';
  if (!alert.headline_en().empty()) io.out << alert.headline_en() << '\n';
}

std::string line_of(api::AlarmProposal const& one) {
  auto const level = from_proto(one.stage());
  return one.proposal_id() + " by " + one.proposer() + ", " + std::to_string(one.time_left().seconds()) +
         " s left: zone " + one.zone_id() + ", " + std::string{level ? name_of(*level) : "?"} + ", \"" + one.text() +
         "\"\n";
}

template <typename Request, typename Response, typename Call>
int order(terminal const& io, instance_addresses const& where, alarm_request const& asked, Request& request,
          Call call) {
  auto const address = where.need(kService);
  if (!address) return io.wrong_use(address.error().message);
  auto const token = access_token(where);
  if (!token) return io.fail(token.error());
  request.set_request_id(asked.request_id.empty() ? new_request_id() : asked.request_id);
  request.set_operator_name(asked.operator_name);
  request.set_zone_id(asked.zone);
  auto const stub = api::AlarmService::NewStub(internal_channel(*address));
  grpc::ClientContext context;
  set_deadline(context, kCall);
  carry_token(context, *token);
  Response answer;
  auto const status = call(*stub, context, request, answer);
  if (!status.ok()) return io.fail(status, std::string{kService} + " at " + *address);
  if constexpr (std::is_same_v<Response, api::ProposeAlarmResponse>)
    io.out << line_of(answer.proposal());
  else
    show(io, answer.cursor(), answer.alert());
  return 0;
}

}  // namespace

int run_alarm_raise(terminal const& io, instance_addresses const& where, alarm_request const& asked) {
  auto const level = stage_named(asked.stage);
  if (!level) return io.wrong_use("--stage is prepare, go or take_cover");
  api::RaiseAlarmRequest request;
  request.set_stage(to_proto(*level));
  request.set_text(asked.text);
  return order<api::RaiseAlarmRequest, api::RaiseAlarmResponse>(
      io, where, asked, request, [](auto& stub, auto& context, auto const& what, auto& answer) {
        return stub.RaiseAlarm(&context, what, &answer);
      });
}

int run_alarm_clear(terminal const& io, instance_addresses const& where, alarm_request const& asked) {
  api::ClearAlarmRequest request;
  return order<api::ClearAlarmRequest, api::ClearAlarmResponse>(
      io, where, asked, request, [](auto& stub, auto& context, auto const& what, auto& answer) {
        return stub.ClearAlarm(&context, what, &answer);
      });
}

int run_alarm_propose(terminal const& io, instance_addresses const& where, alarm_request const& asked) {
  auto const level = stage_named(asked.stage);
  if (!level) return io.wrong_use("--stage is prepare, go or take_cover");
  api::ProposeAlarmRequest request;
  request.set_stage(to_proto(*level));
  request.set_text(asked.text);
  return order<api::ProposeAlarmRequest, api::ProposeAlarmResponse>(
      io, where, asked, request, [](auto& stub, auto& context, auto const& what, auto& answer) {
        return stub.ProposeAlarm(&context, what, &answer);
      });
}

int run_alarm_approve(terminal const& io, instance_addresses const& where, alarm_request const& asked) {
  auto const level = stage_named(asked.stage);
  if (!level) return io.wrong_use("--stage is prepare, go or take_cover");
  api::ApproveAlarmRequest request;
  request.set_proposal_id(asked.proposal);
  request.set_stage(to_proto(*level));
  request.set_text(asked.text);
  return order<api::ApproveAlarmRequest, api::ApproveAlarmResponse>(
      io, where, asked, request, [](auto& stub, auto& context, auto const& what, auto& answer) {
        return stub.ApproveAlarm(&context, what, &answer);
      });
}

int run_alarm_cancel(terminal const& io, instance_addresses const& where, alarm_request const& asked) {
  api::CancelAlarmRequest request;
  return order<api::CancelAlarmRequest, api::CancelAlarmResponse>(
      io, where, asked, request, [](auto& stub, auto& context, auto const& what, auto& answer) {
        return stub.CancelAlarm(&context, what, &answer);
      });
}

int run_alarm_proposals(terminal const& io, instance_addresses const& where, alarm_request const& asked) {
  auto const address = where.need(kService);
  if (!address) return io.wrong_use(address.error().message);
  auto const token = access_token(where);
  if (!token) return io.fail(token.error());
  api::ListAlarmProposalsRequest request;
  request.set_operator_name(asked.operator_name);
  api::ListAlarmProposalsResponse answer;
  grpc::ClientContext context;
  set_deadline(context, kCall);
  carry_token(context, *token);
  auto const stub = api::AlarmService::NewStub(internal_channel(*address));
  if (auto const status = stub->ListAlarmProposals(&context, request, &answer); !status.ok())
    return io.fail(status, std::string{kService} + " at " + *address);
  for (auto const& one : answer.proposals()) io.out << line_of(one);
  if (answer.proposals().empty()) io.out << "nothing waits for a second person\n";
  return 0;
}

}  // namespace siren
