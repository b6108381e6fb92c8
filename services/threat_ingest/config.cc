#include "threat_ingest/config.h"

namespace siren {

void add_ingest_options(CLI::App& app, ingest_config& config) {
  add_service_options(app, config.service);
  app.add_option("--city", config.city, "folder of the city bundle, whose zones are the known regions")->required();
  app.add_option("--source", config.sources, "NAME:official, NAME:trusted, NAME:sensor or NAME:volunteer; repeatable");
  app.add_flag("--any-source", config.any_source, "exercise only: listen to sources that are not listed, too");
}

result<source_map> verify_config(ingest_config const& config) {
  if (auto common = verify_options(config.service); !common) return common.error();
  if (auto door = verify_internal_door(config.service, config.service.listen); !door) return door.error();
  if (config.service.postgres.empty())
    return failure{reason::missing_field, "--postgres is needed: the picture has a log"};
  if (config.any_source && config.service.serves == world::live)
    return failure{reason::wrong_mode, "--any-source is for exercises; the live world names its sources"};
  source_map sources;
  for (auto const& text : config.sources)
    if (auto added = add_source(text, sources); !added) return added.error();
  if (sources.empty() && !config.any_source)
    return failure{reason::missing_field, "no --source is given, so every record would be refused"};
  return sources;
}

}  // namespace siren
