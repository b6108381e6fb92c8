#pragma once

#include "common/service_options.h"

namespace siren {

struct route_planner_config {
  service_options common;
  std::string city;      // bundle: its streets
  std::string registry;  // shelter_registry's gRPC address
};

void add_options(CLI::App& app, route_planner_config& config);

}  // namespace siren
