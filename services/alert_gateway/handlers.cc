#include "alert_gateway/handlers.h"

#include <cmath>
#include <utility>

#include "common/clock.h"
#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"

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
  for (auto before = std::uint64_t{0}; auto const& bucket : measured_.delivery_delay.Collect().histogram.bucket) {
    auto* told = answer->add_delays();
    if (std::isfinite(bucket.upper_bound))
      to_proto(microseconds{std::llround(bucket.upper_bound * 1e6)}, told->mutable_at_most());
    told->set_count(bucket.cumulative_count - std::exchange(before, bucket.cumulative_count));
  }
  return grpc::Status::OK;
}

}  // namespace siren
