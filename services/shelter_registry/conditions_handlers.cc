#include "shelter_registry/conditions_handlers.h"

#include "common/convert/conditions_convert.h"
#include "common/log.h"
#include "shelter_registry/convert.h"

namespace siren {

conditions_handlers::conditions_handlers(shelter_handlers::parts const& given)
    : parts_{given}, outcomes_{given.counts} {}

grpc::Status conditions_handlers::GetConditions(grpc::ServerContext*, shelters::v1::GetConditionsRequest const*,
                                                shelters::v1::GetConditionsResponse* response) {
  auto const now = parts_.store.conditions();
  if (!now) return outcomes_.refuse("GetConditions", now.error());
  to_proto(*now, response->mutable_conditions());
  return outcomes_.answered("GetConditions");
}

grpc::Status conditions_handlers::SetConditions(grpc::ServerContext* call,
                                                shelters::v1::SetConditionsRequest const* request,
                                                shelters::v1::SetConditionsResponse* response) {
  auto const who = parts_.guard.admit(*call, request->operator_name(), {role::shelter_editor}, {parts_.city});
  if (!who) return outcomes_.refuse("SetConditions", who.error());
  auto named = *request;
  named.set_operator_name(who->name);
  auto const asked = from_proto(named);
  if (!asked) return outcomes_.refuse("SetConditions", asked.error());
  auto const outcome = parts_.store.set_conditions(*asked, parts_.clock.now());
  if (!outcome) return outcomes_.refuse("SetConditions", outcome.error());
  if (outcome->refused)
    return outcomes_.refuse("SetConditions", *outcome->refused,
                            {{"current_revision", std::to_string(outcome->now.revision)}});
  parts_.announcements.tell(outcome->change);
  if (outcome->change) parts_.record.note({"shelters", who->name, "conditions", "", named.ShortDebugString(), {}});
  if (outcome->change)
    log(log_level::info, "conditions_changed",
        {{"change", *outcome->change},
         {"operator", outcome->now.changed_by},
         {"light", name_of(outcome->now.light)},
         {"ice", outcome->now.ice},
         {"closed_bridges", outcome->now.closed_bridges.size()},
         {"trains_running", outcome->now.trains_running},
         {"metro_power", outcome->now.metro_power}});
  to_proto(outcome->now, response->mutable_conditions());
  return outcomes_.answered("SetConditions");
}

}  // namespace siren
