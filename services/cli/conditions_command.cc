#include "cli/commands.h"
#include "common/access/access_guard.h"
#include "common/convert/base_convert.h"
#include "common/convert/conditions_convert.h"
#include "common/rpc_server.h"
#include "siren/shelters/v1/conditions_service.grpc.pb.h"

namespace siren {
namespace {

namespace api = shelters::v1;
constexpr milliseconds kCall{10'000};
constexpr char kService[] = "shelter_registry";

std::string who(std::string const& address) {
  return std::string{kService} + " at " + address;
}

grpc::Status get(api::ConditionsService::Stub& stub, api::Conditions& now) {
  api::GetConditionsResponse answer;
  grpc::ClientContext context;
  set_deadline(context, kCall);
  auto const status = stub.GetConditions(&context, {}, &answer);
  now = answer.conditions();
  return status;
}

void print(std::ostream& out, api::Conditions const& now) {
  auto const light = from_proto(now.light());
  std::string bridges;
  for (auto const& name : now.closed_bridges()) bridges += (bridges.empty() ? "" : ", ") + name;
  text_table table{{"WHAT", "NOW"}};
  table.add({"light", light ? std::string{name_of(*light)} : "?"});
  table.add({"ice", now.ice() ? "yes" : "no"});
  table.add({"closed bridges", bridges.empty() ? "none" : bridges});
  table.add({"trains", now.trains_running() ? "running" : "stopped"});
  table.add({"metro power", now.metro_power() ? "on" : "off"});
  table.add({"revision", std::to_string(now.revision())});
  table.add({"changed", now.has_changed_time()
                            ? format_utc(utc_from_proto(now.changed_time())) + " by " + now.changed_by()
                            : "never"});
  table.print(out);
}

result<api::SetConditionsRequest> request_of(conditions_request const& asked) {
  api::SetConditionsRequest request;
  request.set_operator_name(asked.operator_name);
  if (asked.light) {
    auto const light = light_rule_named(*asked.light);
    if (!light) return failure{reason::malformed, "--light is auto, day, dark or blackout"};
    request.set_light(to_proto(*light));
  }
  if (asked.ice) request.set_ice(*asked.ice);
  for (auto const& name : asked.close_bridges) request.mutable_closed_bridges()->add_names(name);
  if (asked.open_bridges) (void)request.mutable_closed_bridges();  // there, and empty
  if (asked.trains) request.set_trains_running(*asked.trains);
  if (asked.power) request.set_metro_power(*asked.power);
  return request;
}

}  // namespace

int run_conditions_show(terminal const& io, instance_addresses const& where, conditions_request const& asked) {
  auto const address = where.need(kService);
  if (!address) return io.wrong_use(address.error().message);
  auto const stub = api::ConditionsService::NewStub(internal_channel(*address));
  api::Conditions now;
  if (auto const status = get(*stub, now); !status.ok()) return io.fail(status, who(*address));
  if (asked.json)
    io.json_line(now);
  else
    print(io.out, now);
  return 0;
}

int run_conditions_set(terminal const& io, instance_addresses const& where, conditions_request const& asked) {
  auto const address = where.need(kService);
  if (!address) return io.wrong_use(address.error().message);
  auto request = request_of(asked);
  if (!request) return io.wrong_use(request.error().message);
  if (!asked.light && !asked.ice && !asked.trains && !asked.power && !request->has_closed_bridges())
    return io.wrong_use("nothing to set: name at least one condition");
  auto const stub = api::ConditionsService::NewStub(internal_channel(*address));
  api::Conditions now;
  if (asked.revision) {
    request->set_expected_revision(*asked.revision);
  } else {
    if (auto const status = get(*stub, now); !status.ok()) return io.fail(status, who(*address));
    request->set_expected_revision(now.revision());
  }
  auto const token = access_token(where);
  if (!token) return io.fail(token.error());
  request->set_request_id(asked.request_id.empty() ? new_request_id() : asked.request_id);
  api::SetConditionsResponse answer;
  grpc::ClientContext context;
  set_deadline(context, kCall);
  carry_token(context, *token);
  if (auto const status = stub->SetConditions(&context, *request, &answer); !status.ok())
    return io.fail(status, who(*address));
  if (asked.json)
    io.json_line(answer.conditions());
  else
    print(io.out, answer.conditions());
  return 0;
}

}  // namespace siren
