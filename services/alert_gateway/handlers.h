#pragma once

#include <functional>

#include "alert_gateway/alert_board.h"
#include "alert_gateway/gateway_metrics.h"
#include "alert_gateway/phone_registry.h"
#include "siren/alerts/v1/delivery_service.grpc.pb.h"

namespace siren {

/// Internal: how this gateway is doing.
class delivery_handlers final : public alerts::v1::DeliveryService::Service {
 public:
  delivery_handlers(alert_board const& alerts, phone_registry const& registry, gateway_metrics const& measured,
                    std::function<bool()> bus_heard)
      : alerts_{alerts}, registry_{registry}, measured_{measured}, bus_heard_{std::move(bus_heard)} {}

  grpc::Status GetDelivery(grpc::ServerContext*, alerts::v1::GetDeliveryRequest const*,
                           alerts::v1::GetDeliveryResponse* answer) override;

 private:
  alert_board const& alerts_;
  phone_registry const& registry_;
  gateway_metrics const& measured_;
  std::function<bool()> bus_heard_;
};

}  // namespace siren
