#pragma once

#include "common/service_options.h"

namespace siren {

struct route_planner_config {
  service_options common;
  std::string city;      // bundle: its streets, people and metro
  std::string registry;  // shelter_registry's gRPC address
  std::string cache;     // folder for streets and walking times; empty: made anew at each start
};

void add_options(CLI::App& app, route_planner_config& config);
[[nodiscard]] result<void> verify_config(route_planner_config const& config);

}  // namespace siren
