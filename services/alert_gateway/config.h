#pragma once

#include "alert_gateway/gateway.h"
#include "common/service_options.h"

namespace siren {

struct alert_gateway_config {
  service_options common;
  std::string internal_listen;
  std::string city;     // bundle: its zones
  std::string planner;  // route_planner's gRPC address
  std::string cache;    // folder for streets and walking times
  std::int64_t heartbeat_ms = 5'000;
  std::size_t max_streams = phone_limits{}.streams;
  std::size_t loops = 0;         // of the phones' door; 0: one for each core
  std::string certificate_file;  // of the phones' door; both empty: plain
  std::string key_file;
};

void add_options(CLI::App& app, alert_gateway_config& config);
[[nodiscard]] result<void> verify_config(alert_gateway_config const& config);
/// `name` makes this gateway's probe channel its own.
[[nodiscard]] gateway_options gateway_options_of(alert_gateway_config const& config, std::string const& name);

}  // namespace siren
