#include "route_planner/config.h"

namespace siren {

void add_options(CLI::App& app, route_planner_config& config) {
  add_service_options(app, config.common);
  app.add_option("--city", config.city, "city bundle: a folder")->required()->check(CLI::ExistingDirectory);
  app.add_option("--registry", config.registry, "gRPC address of shelter_registry")->required();
  app.add_option("--cache", config.cache, "folder that keeps streets and walking times between starts");
}

result<void> verify_config(route_planner_config const& config) {
  if (auto const ok = verify_options(config.common); !ok) return ok;
  if (auto const door = verify_internal_door(config.common, config.common.listen); !door) return door;
  if (config.common.postgres.empty())
    return failure{reason::missing_field, "--postgres is required: the alert log tells deadlines"};
  if (config.common.redis.empty())
    return failure{reason::missing_field, "--redis is required: plans are announced there"};
  return {};
}

}  // namespace siren
