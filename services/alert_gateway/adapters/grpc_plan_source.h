#pragma once

#include <memory>
#include <string>

#include "alert_gateway/ports.h"

namespace siren {

/// Asks the route planner's PlanService at `address`; every call has a deadline.
[[nodiscard]] std::unique_ptr<plan_source> make_grpc_plan_source(std::string const& address);

}  // namespace siren
