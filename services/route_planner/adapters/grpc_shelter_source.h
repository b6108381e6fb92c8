#pragma once

#include <memory>
#include <string>

#include "route_planner/ports.h"

namespace siren {

[[nodiscard]] std::unique_ptr<shelter_source> make_grpc_shelter_source(std::string const& registry_address);

}  // namespace siren
