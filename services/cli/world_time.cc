#include "cli/world_time.h"

#include "cli/terminal.h"
#include "common/clock.h"
#include "common/convert/base_convert.h"
#include "common/rpc_server.h"
#include "siren/alerts/v1/alert_service.grpc.pb.h"

namespace siren {
namespace {

constexpr milliseconds kHeartbeatWithin{10'000};  // two intervals of 5 s

}  // namespace

result<utc_time> world_now(instance_addresses const& where) {
  auto const serves = where.serves();
  if (!serves) return serves.error();
  if (*serves == world::live) return real_world_clock{clock_options{}}.now();
  auto const gateway = where.need("alert_gateway");
  if (!gateway) return gateway.error();
  auto const stub = alerts::v1::AlertService::NewStub(internal_channel(*gateway));
  grpc::ClientContext context;
  set_deadline(context, kHeartbeatWithin);
  auto const stream = stub->WatchAlerts(&context);
  alerts::v1::WatchAlertsRequest request;
  request.mutable_subscribe()->set_world(to_proto(*serves));
  alerts::v1::WatchAlertsResponse response;
  std::optional<utc_time> now;
  if (stream->Write(request))
    while (!now && stream->Read(&response))
      if (response.has_heartbeat() && response.heartbeat().has_now_time())
        now = utc_from_proto(response.heartbeat().now_time());
  context.TryCancel();
  (void)stream->Finish();  // we ended it ourselves, or say below that nothing came
  if (!now) return failure{reason::not_ready, "the gateway at " + *gateway + " does not tell the exercise's time"};
  return *now;
}

}  // namespace siren
