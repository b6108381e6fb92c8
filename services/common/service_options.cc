#include "common/service_options.h"

#include <iostream>

#include "common/redis_place.h"

namespace siren {

void add_mutual_tls_options(CLI::App& app, mutual_tls_files& files) {
  app.add_option("--mtls-cert", files.certificate, "certificate chain shown to other services, PEM");
  app.add_option("--mtls-key", files.key, "its key, PEM");
  app.add_option("--mtls-ca", files.authority, "the authority of this instance's certificates, PEM");
}

void add_service_options(CLI::App& app, service_options& options) {
  app.set_config("--config", "", "TOML file with the same names");
  app.add_option_function<std::string>(
         "--world", [&options](std::string const& w) { options.serves = w == "live" ? world::live : world::exercise; },
         "live or exercise; one instance serves exactly one")
      ->check(CLI::IsMember({"live", "exercise"}))
      ->required();
  app.add_option("--country", options.country, "country whose alert log is served")->capture_default_str();
  app.add_option("--listen", options.listen, "gRPC address, host:port or unix:/path")->required();
  app.add_option("--metrics-listen", options.metrics_listen, "Prometheus address, host:port");
  app.add_option("--postgres", options.postgres,
                 "libpq connection string; several hosts are a primary and its standbys");
  app.add_option("--redis", options.redis, "unix:/path or host:port");
  app.add_option("--redis-sentinels", options.redis_sentinels,
                 "HOST:PORT,…: Sentinels that know where Redis' primary is; instead of --redis")
      ->excludes("--redis");
  app.add_option("--redis-master", options.redis_master, "the primary's name at the Sentinels")->capture_default_str();
  app.parse_complete_callback([&options] {
    if (options.redis_sentinels.empty()) return;
    options.redis = "sentinels:" + options.redis_master + "@" + options.redis_sentinels;
    if (auto const good = parse_redis_address(options.redis); !good)
      throw CLI::ValidationError("--redis-sentinels", good.error().message);
  });
  add_mutual_tls_options(app, options.tls);
  app.add_option("--log-file", options.log_file, "append logs here instead of standard error");
  app.add_option("--log-level", options.log_level)->check(CLI::IsMember({"debug", "info", "warn", "error"}));
  app.add_option_function<std::string>(
      "--scenario-start",
      [&options](std::string const& text) {
        auto const at = parse_utc(text);
        if (!at) throw CLI::ValidationError("--scenario-start", at.error().message);
        options.clock.start = *at;
        options.clock.scenario = true;
      },
      "exercise only: world time at --scenario-anchor, RFC 3339");
  app.add_option_function<std::int64_t>(
      "--scenario-anchor", [&options](std::int64_t const& us) { options.clock.anchor = wall_time{microseconds{us}}; },
      "exercise only: wall time of the start, microseconds since 1970");
  app.add_option("--scenario-rate", options.clock.rate, "exercise only: world seconds per second")
      ->check(CLI::Range(0.1, 10'000.0));
  app.add_option("--clock-offset-file", options.clock_offset_file,
                 "exercise only: this process's clocks are wrong by the seconds in this file");
}

namespace {

bool stays_on_this_machine(std::string const& address) {
  for (auto const* local : {"unix:", "127.", "localhost:", "[::1]:"})
    if (address.starts_with(local)) return true;
  return false;
}

}  // namespace

result<void> verify_options(service_options const& options) {
  if (!options.clock_offset_file.empty()) {
    if (options.serves == world::live) return failure{reason::wrong_mode, "the live world has no wrong clocks"};
    if (auto followed = follow_clock_offset(options.clock_offset_file); !followed) return followed;
  }
  if (options.serves == world::live && options.clock.scenario)
    return failure{reason::wrong_mode, "the live world has no scenario clock"};
  if (options.country.size() != 2)
    return failure{reason::malformed, "country is an ISO 3166 code of two letters, got \"" + options.country + "\""};
  return {};
}

result<void> verify_internal_door(service_options const& options, std::string const& address) {
  auto const plain = options.tls.certificate.empty() && options.tls.key.empty() && options.tls.authority.empty();
  if (options.serves == world::exercise || !plain || stays_on_this_machine(address)) return {};
  return failure{reason::sign_in_missing,
                 "in the live world " + address + ", beyond this machine, needs --mtls-cert, --mtls-key and --mtls-ca"};
}

std::optional<int> parse_command_line(CLI::App& app, int argc, char const* const* argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (CLI::CallForHelp const&) {
    std::cout << app.help();
    return 0;
  } catch (CLI::ParseError const& wrong) {
    std::cerr << app.get_name() << ": " << wrong.what() << " (see --help)\n";
    return 2;
  }
}

std::string bus_name(service_options const& options, std::string_view topic) {
  return std::string{"siren:"}
      .append(name_of(options.serves))
      .append(":")
      .append(options.country)
      .append(":")
      .append(topic);
}

}  // namespace siren
