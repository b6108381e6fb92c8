#include "operator_console/config.h"

namespace siren {

void add_options(CLI::App& app, operator_console_config& config) {
  add_service_options(app, config.common);
  add_access_options(app, config.sign_in);
  app.add_option("--internal-listen", config.internal_listen, "gRPC address for health and for what the page shows")
      ->required();
  app.add_option("--city", config.city, "city bundle: a folder")->required()->check(CLI::ExistingDirectory);
  app.add_option("--gateway", config.gateways,
                 "an alert_gateway's internal gRPC address; as often as there are gateways")
      ->required();
  app.add_option("--engine", config.engine, "gRPC address of the zone_engine that leads")->required();
  app.add_option("--allow-origin", config.origins,
                 "origin of another page that may call, as https://console.city.example; as often as needed");
  app.add_option("--cap-sender", config.sender.id, "who sends CAP documents: a domain or mail address");
  app.add_option("--cap-sender-name-uk", config.sender.name_uk, "for people")->capture_default_str();
  app.add_option("--cap-sender-name-en", config.sender.name_en, "for people")->capture_default_str();
  app.add_option("--registry", config.registry, "shelter_registry's gRPC address")->required();
}

void complete(operator_console_config& config) {
  config.sender.serves = config.common.serves;
  if (config.sender.id.empty() && config.common.serves == world::exercise) config.sender.id = "exercise.invalid";
}

result<void> verify_options(operator_console_config const& config) {
  if (auto good = verify_options(config.common); !good) return good;
  if (auto door = verify_internal_door(config.common, config.internal_listen); !door) return door;
  if (!config.common.listen.starts_with("127.0.0.1:"))
    return failure{reason::malformed, "--listen must be 127.0.0.1:PORT: exact tracks are not for everyone's eyes"};
  if (auto good = verify_access(config.sign_in, config.common.serves); !good) return good;
  for (auto const& origin : config.origins)
    if (!origin.starts_with("https://") && !origin.starts_with("http://127.0.0.1"))
      return failure{reason::malformed, "--allow-origin is https://HOST or a port of this machine, not " + origin};
  if (!config.sender.id.empty())
    if (auto good = verify_sender(config.sender); !good) return good;
  return {};
}

}  // namespace siren
