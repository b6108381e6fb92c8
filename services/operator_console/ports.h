#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "siren/alerts/v1/delivery_service.pb.h"
#include "siren/shelters/v1/shelter.pb.h"

namespace siren {

/// How a gateway is doing.
class delivery_source {
 public:
  virtual ~delivery_source() = default;
  [[nodiscard]] virtual std::string const& address() const = 0;
  [[nodiscard]] virtual result<alerts::v1::GetDeliveryResponse> now() = 0;
};

/// Every shelter as the registry has it.
class shelter_list {
 public:
  virtual ~shelter_list() = default;
  struct changes {
    std::vector<shelters::v1::Shelter> rows;
    bool all = false;  // `rows` are all there are
  };
  /// Since the last call that did not fail; the first gives all. Failure: the registry does not answer.
  [[nodiscard]] virtual result<changes> news() = 0;
};

[[nodiscard]] std::unique_ptr<delivery_source> make_grpc_delivery_source(std::string const& gateway);
[[nodiscard]] std::unique_ptr<shelter_list> make_grpc_shelter_list(std::string const& registry);

}  // namespace siren
