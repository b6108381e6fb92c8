#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/shelter/shelter.h"
#include "siren/alerts/v1/delivery_service.pb.h"

namespace siren {

/// How the gateway is doing.
class delivery_source {
 public:
  virtual ~delivery_source() = default;
  [[nodiscard]] virtual result<alerts::v1::GetDeliveryResponse> now() = 0;
};

/// Every shelter as the registry has it.
class shelter_list {
 public:
  virtual ~shelter_list() = default;
  /// Asks for changes only; the reference holds until the next call. Failure: the registry does not answer.
  [[nodiscard]] virtual result<std::map<shelter_id, shelter> const*> now() = 0;
};

[[nodiscard]] std::unique_ptr<delivery_source> make_grpc_delivery_source(std::string const& gateway);
[[nodiscard]] std::unique_ptr<shelter_list> make_grpc_shelter_list(std::string const& registry);

}  // namespace siren
