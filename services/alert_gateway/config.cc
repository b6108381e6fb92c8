#include "alert_gateway/config.h"

#include <algorithm>
#include <thread>

namespace siren {

void add_options(CLI::App& app, alert_gateway_config& config) {
  add_service_options(app, config.common);
  app.add_option("--internal-listen", config.internal_listen,
                 "gRPC address for operators' tools, internal network only")
      ->required();
  app.add_option("--city", config.city, "folder of the city bundle")->required();
  app.add_option("--planner", config.planner, "gRPC address of the route planner")->required();
  app.add_option("--cache", config.cache, "folder that keeps streets and walking times, mapped instead of in memory");
  app.add_option("--heartbeat-ms", config.heartbeat_ms, "milliseconds between heartbeats to a phone")
      ->check(CLI::Range(100, 30'000))
      ->capture_default_str();
  app.add_option("--max-streams", config.max_streams, "phones at once")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--loops", config.loops, "threads that serve phones; 0: one for each core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  auto* const certificate = app.add_option("--tls-cert", config.certificate_file, "certificate chain for phones, PEM");
  app.add_option("--tls-key", config.key_file, "its key, PEM")->needs(certificate);
  certificate->needs("--tls-key");
}

result<void> verify_config(alert_gateway_config const& config) {
  if (auto const ok = verify_options(config.common); !ok) return ok;
  if (auto const door = verify_internal_door(config.common, config.internal_listen); !door) return door;
  if (config.common.postgres.empty()) return failure{reason::missing_field, "--postgres is required"};
  if (config.common.redis.empty()) return failure{reason::missing_field, "--redis is required"};
  return {};
}

gateway_options gateway_options_of(alert_gateway_config const& config, std::string const& name) {
  gateway_options options;
  options.serves = config.common.serves;
  options.phones.address = config.common.listen;
  options.phones.certificate_file = config.certificate_file;
  options.phones.key_file = config.key_file;
  options.phones.limits.connections = config.max_streams;
  options.loops = config.loops > 0 ? config.loops : std::max(1U, std::thread::hardware_concurrency());
  options.internal_listen = config.internal_listen;
  options.channels = {.alert = bus_name(config.common, "alert"),
                      .provisional = bus_name(config.common, "provisional"),
                      .plan = bus_name(config.common, "plan"),
                      .probe = bus_name(config.common, "probe." + name)};
  options.session.heartbeat_interval = milliseconds{config.heartbeat_ms};
  options.cache = config.cache;
  options.limits.streams = config.max_streams;
  return options;
}

}  // namespace siren
