#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "common/clock.h"
#include "core/base/mode.h"

namespace siren {

/// PEM files: this process's certificate chain and key, and the instance's own authority, which signs for nobody else.
/// All empty: plain. See common/mutual_tls.h.
struct mutual_tls_files {
  std::string certificate;
  std::string key;
  std::string authority;
};
/// --mtls-cert, --mtls-key, --mtls-ca.
void add_mutual_tls_options(CLI::App& app, mutual_tls_files& files);

/// What every service takes. Flags, or the same names in a TOML file given with --config. No secret has a default.
struct service_options {
  world serves = world::exercise;
  std::string country = "UA";
  std::string listen;           // "127.0.0.1:7001" or "unix:/path"; internal network only
  std::string metrics_listen;   // "127.0.0.1:9001"; empty: none
  std::string postgres;         // libpq connection string; empty where a service has no database
  std::string redis;            // see common/bus.h; empty where a service has no bus
  std::string redis_sentinels;  // HOST:PORT,…: after parsing they stand in `redis` with the name of their primary
  std::string redis_master = "siren";
  std::string log_file;  // empty: standard error
  std::string log_level = "info";
  clock_options clock;
  mutual_tls_files tls;
  std::string clock_offset_file;  // exercise only: see follow_clock_offset
};

/// Adds the common flags to `app`. After parsing, `verify_options` refuses what can't work (e.g. a scenario clock in
/// the live world) with a sentence.
void add_service_options(CLI::App& app, service_options& options);
[[nodiscard]] result<void> verify_options(service_options const& options);

/// Live doors for other services, reached from other machines, are under mutual TLS. Failure: SIGN_IN_MISSING.
[[nodiscard]] result<void> verify_internal_door(service_options const& options, std::string const& address);

/// Parses argv; on wrong use prints one clear line and returns exit status 2, on --help 0; nullopt: go on.
[[nodiscard]] std::optional<int> parse_command_line(CLI::App& app, int argc, char const* const* argv);

/// Bus names carry world and country, so that two worlds on one Redis can't meet: "siren:exercise:UA:alert".
[[nodiscard]] std::string bus_name(service_options const& options, std::string_view topic);

}  // namespace siren
