#include "cli/commands.h"
#include "cli/guidance_words.h"
#include "cli/world_time.h"
#include "common/convert/base_convert.h"
#include "common/convert/guidance_convert.h"
#include "common/rpc_server.h"
#include "siren/routing/v1/guidance_service.grpc.pb.h"

namespace siren {
namespace {

constexpr milliseconds kCall{10'000};

}  // namespace

int run_guide(terminal const& io, instance_addresses const& where, guide_request const& asked) {
  auto const address = where.need("route_planner");
  if (!address) return io.wrong_use(address.error().message);
  auto const profile = walking_profile_named(asked.profile);
  if (!profile) return io.wrong_use("--profile is average, slow or wheelchair");
  routing::v1::GetGuidanceRequest request;
  to_proto(lat_lon{degrees{asked.lat}, degrees{asked.lon}}, request.mutable_position());
  request.set_profile(to_proto(*profile));
  if (asked.deadline_minutes) {
    auto const now = world_now(where);
    if (!now && now.error().why == reason::missing_field) return io.wrong_use(now.error().message);
    if (!now) return io.fail(now.error());
    to_proto(*now + minutes{*asked.deadline_minutes}, request.mutable_deadline_time());
  }
  auto const stub = routing::v1::GuidanceService::NewStub(internal_channel(*address));
  grpc::ClientContext context;
  set_deadline(context, kCall);
  routing::v1::GetGuidanceResponse answer;
  auto const status = stub->GetGuidance(&context, request, &answer);
  if (!status.ok()) return io.fail(status, "route_planner at " + *address);
  if (asked.json)
    io.json_line(answer.guidance());
  else
    io.out << words_of(answer.guidance(), asked.language);
  return 0;
}

}  // namespace siren
