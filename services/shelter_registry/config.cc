#include "shelter_registry/config.h"

namespace siren {

void add_flags(CLI::App& app, shelter_registry_config& config) {
  add_service_options(app, config.common);
}

result<void> verify(shelter_registry_config const& config) {
  if (auto const common = verify_options(config.common); !common) return common;
  if (config.common.postgres.empty())
    return failure{reason::missing_field, "--postgres is needed: shelters live there"};
  if (config.common.redis.empty())
    return failure{reason::missing_field, "--redis is needed: changes are announced there"};
  return {};
}

}  // namespace siren
