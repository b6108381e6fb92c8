#pragma once

#include "shelter_registry/call_outcomes.h"
#include "shelter_registry/handlers.h"
#include "siren/shelters/v1/conditions_service.grpc.pb.h"

namespace siren {

/// ConditionsService over a store. Announces its change numbers as ShelterService does. Thread-safe; what it is given
/// must outlive it.
class conditions_handlers final : public shelters::v1::ConditionsService::Service {
 public:
  explicit conditions_handlers(shelter_handlers::parts const& given);

  grpc::Status GetConditions(grpc::ServerContext*, shelters::v1::GetConditionsRequest const*,
                             shelters::v1::GetConditionsResponse* response) override;
  grpc::Status SetConditions(grpc::ServerContext* call, shelters::v1::SetConditionsRequest const* request,
                             shelters::v1::SetConditionsResponse* response) override;

 private:
  shelter_handlers::parts parts_;
  call_outcomes outcomes_;
};

}  // namespace siren
