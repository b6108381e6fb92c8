#include "route_planner/config.h"

namespace siren {

void add_options(CLI::App& app, route_planner_config& config) {
  add_service_options(app, config.common);
  app.add_option("--city", config.city, "city bundle: a folder")->required()->check(CLI::ExistingDirectory);
  app.add_option("--registry", config.registry, "gRPC address of shelter_registry")->required();
}

}  // namespace siren
