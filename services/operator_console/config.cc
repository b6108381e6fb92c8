#include "operator_console/config.h"

namespace siren {

void add_options(CLI::App& app, operator_console_config& config) {
  add_service_options(app, config.common);
  app.add_option("--internal-listen", config.internal_listen, "gRPC address for health")->required();
  app.add_option("--city", config.city, "city bundle: a folder")->required()->check(CLI::ExistingDirectory);
  app.add_option("--gateway", config.gateway, "alert_gateway's internal gRPC address")->required();
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
  if (!config.common.listen.starts_with("127.0.0.1:"))
    return failure{reason::malformed, "--listen must be 127.0.0.1:PORT: exact tracks are not for everyone's eyes"};
  if (!config.sender.id.empty())
    if (auto good = verify_sender(config.sender); !good) return good;
  return {};
}

}  // namespace siren
