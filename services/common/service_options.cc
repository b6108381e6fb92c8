#include "common/service_options.h"

#include <iostream>

namespace siren {

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
  app.add_option("--postgres", options.postgres, "libpq connection string");
  app.add_option("--redis", options.redis, "unix:/path or host:port");
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
}

result<void> verify_options(service_options const& options) {
  if (options.serves == world::live && options.clock.scenario)
    return failure{reason::wrong_mode, "the live world has no scenario clock"};
  if (options.country.size() != 2)
    return failure{reason::malformed, "country is an ISO 3166 code of two letters, got \"" + options.country + "\""};
  return {};
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
