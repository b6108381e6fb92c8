#include "zone_engine/config.h"

#include "common/access/access_options.h"

namespace siren {

void add_zone_engine_options(CLI::App& app, zone_engine_config& config) {
  add_service_options(app, config.common);
  add_access_options(app, config.sign_in);
  app.add_option("--city", config.city, "folder of a city bundle: its zones are the ones that can be in alarm")
      ->required();
  app.add_option("--journal", config.journal,
                 "folder on this machine's disk, of this process alone, for what is decided while the database is away")
      ->required();
}

result<void> verify(zone_engine_config const& config) {
  if (auto const common = verify_options(config.common); !common) return common.error();
  if (auto const door = verify_internal_door(config.common, config.common.listen); !door) return door.error();
  if (auto const access = verify_access(config.sign_in, config.common.serves); !access) return access.error();
  if (config.common.postgres.empty()) return failure{reason::missing_field, "--postgres is required"};
  if (config.common.redis.empty()) return failure{reason::missing_field, "--redis is required"};
  auto const& limits = config.limits;
  if (limits.tick_interval <= milliseconds{0} || limits.beat_interval < limits.tick_interval)
    return failure{reason::malformed, "ticks must be at least as frequent as beats"};
  if (limits.append_chunk == 0 || limits.read_chunk == 0 || limits.max_inputs == 0)
    return failure{reason::malformed, "chunks and queues hold at least one"};
  return {};
}

}  // namespace siren
