#include "shelter_registry/config.h"

#include "common/access/access_options.h"

namespace siren {

void add_flags(CLI::App& app, shelter_registry_config& config) {
  add_service_options(app, config.common);
  add_access_options(app, config.sign_in);
  app.add_option("--access-city", config.city.value, "zone whose shelters these are: roles in it or around it count");
}

result<void> verify(shelter_registry_config const& config) {
  if (auto const common = verify_options(config.common); !common) return common;
  if (auto const door = verify_internal_door(config.common, config.common.listen); !door) return door;
  if (auto const access = verify_access(config.sign_in, config.common.serves); !access) return access;
  if (!config.sign_in.issuer.empty() && config.city.value.empty())
    return failure{reason::missing_field, "--access-city is needed: whose people may change these shelters"};
  if (config.common.postgres.empty())
    return failure{reason::missing_field, "--postgres is needed: shelters live there"};
  if (config.common.redis.empty())
    return failure{reason::missing_field, "--redis is needed: changes are announced there"};
  return {};
}

}  // namespace siren
