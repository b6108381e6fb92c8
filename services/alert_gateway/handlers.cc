#include "alert_gateway/handlers.h"

#include "common/clock.h"
#include "common/convert/alert_convert.h"

namespace siren {

grpc::Status delivery_handlers::GetDelivery(grpc::ServerContext*, alerts::v1::GetDeliveryRequest const*,
                                            alerts::v1::GetDeliveryResponse* answer) {
  auto const log = alerts_.log_at(steady_now());
  answer->set_phones(registry_.size());
  to_proto(alerts_.at(), answer->mutable_covered());
  if (log.head) to_proto(*log.head, answer->mutable_head());
  answer->set_bus_heard(bus_heard_());
  answer->set_picture(to_proto(log.picture));
  answer->set_alerts_sent(static_cast<std::uint64_t>(measured_.alerts_sent.Value()));
  answer->set_guidance_sent(static_cast<std::uint64_t>(measured_.guidance_sent.Value()));
  answer->set_plan_version(static_cast<std::uint64_t>(measured_.plan_version.Value()));
  return grpc::Status::OK;
}

}  // namespace siren
