#pragma once

#include <gtest/gtest.h>

#include "services/gateway_world.h"
#include "services/raw_phone.h"
#include "siren/alerts/v1/delivery_service.grpc.pb.h"

namespace siren {

inline alerts::v1::GetDeliveryResponse delivery(gateway const& from) {
  auto const stub = alerts::v1::DeliveryService::NewStub(
      grpc::CreateChannel(from.internal_address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  alerts::v1::GetDeliveryResponse answer;
  EXPECT_TRUE(stub->GetDelivery(&context, {}, &answer).ok());
  return answer;
}

/// Asks the gateway until it says so, at most kPatience.
template <typename Says>
bool comes(gateway const& from, Says says) {
  auto const give_up = steady_now() + kPatience;
  while (steady_now() < give_up)
    if (says(delivery(from))) return true;
  return false;
}

}  // namespace siren
