#include "feed_adapters/config.h"

#include <algorithm>

#include "common/city_bundle/bundle_files.h"

namespace siren {
namespace {

constexpr std::size_t kMaxKeyBytes = 4'096;
constexpr std::size_t kMaxSource = 64;  // as threats.v1 says

void add_clock(CLI::App& to, feed_config& config) {
  to.add_option_function<std::string>(
      "--scenario-start",
      [&config](std::string const& text) {
        auto const at = parse_utc(text);
        if (!at) throw CLI::ValidationError("--scenario-start", at.error().message);
        config.clock.start = *at;
        config.clock.scenario = true;
      },
      "exercise only, the instance's: world time at --scenario-anchor, RFC 3339");
  to.add_option_function<std::int64_t>(
      "--scenario-anchor", [&config](std::int64_t const& us) { config.clock.anchor = wall_time{microseconds{us}}; },
      "the instance's: wall time of the start, microseconds since 1970");
  to.add_option("--scenario-rate", config.clock.rate, "the instance's: world seconds per second")
      ->check(CLI::Range(0.1, 10'000.0));
}

void add_common(CLI::App& to, feed_config& config) {
  to.add_option("--ingest", config.ingest, "threat_ingest's address, host:port or unix:/path")->required();
  to.add_option("--source", config.source, "name of this feed, one of threat_ingest's --source")->required();
  to.add_option("--metrics-listen", config.metrics_listen, "Prometheus address, host:port");
  to.add_option("--log-file", config.log_file, "append logs here instead of standard error");
  to.add_option("--log-level", config.log_level)->check(CLI::IsMember({"debug", "info", "warn", "error"}));
  add_mutual_tls_options(to, config.tls);
  add_clock(to, config);
}

void add_world(CLI::App& to, feed_config& config) {
  to.add_option_function<std::string>(
        "--world", [&config](std::string const& w) { config.serves = w == "live" ? world::live : world::exercise; },
        "live or exercise, the instance's")
      ->check(CLI::IsMember({"live", "exercise"}))
      ->required();
}

void add_alarm_provider(CLI::App& app, feed_config& config, feed_command command, char const* name, char const* base,
                        char const* what) {
  auto* const to = app.add_subcommand(name, what);
  add_common(*to, config);
  add_world(*to, config);
  to->add_option("--city", config.city, "folder of the city bundle, whose zones bear the provider's uids")->required();
  to->add_option("--base", config.base, std::string{"the provider's address; otherwise "} + base);
  to->add_option("--key-file", config.key_file,
                 std::string{"file with the provider's key; otherwise the variable "} + kKeyVariable);
  to->add_option("--ca-file", config.ca_file, "trust only certificates signed by these");
  to->add_option("--told", config.told, "file that keeps what was told, for the next start")->required();
  to->add_flag("--list-may-be-empty", config.list_may_be_empty,
               "believe an empty list once it is confirmed; the country's is never empty");
  to->callback([&config, command, base] {
    config.command = command;
    if (config.base.empty()) config.base = base;
  });
}

void add_cot(CLI::App& app, feed_config& config) {
  auto* const to = app.add_subcommand("cot", "Cursor on Target over TCP, XML or TAK protocol version 1");
  add_common(*to, config);
  to->add_option("--listen", config.listen, "HOST:PORT to take connections on; repeatable. Private network only");
  to->add_option("--connect", config.connect, "HOST:PORT of a server to connect to; repeatable");
  to->callback([&config] { config.command = feed_command::cot; });
}

void add_replay(CLI::App& app, feed_config& config) {
  auto* const to = app.add_subcommand("replay", "A recording, into an exercise");
  add_common(*to, config);
  to->add_option("--city", config.city, "folder of the city bundle; for --alarms");
  to->add_option("--reports", config.reports, "CSV of position reports");
  to->add_option("--alarms", config.alarms, "CSV of official alarms");
  to->add_option("--json-lines", config.json_lines, "StreamThreatsRequest as JSON, one a line");
  to->add_option("--names", config.names, "CSV name,zone_id: what --alarms calls zones, beyond their English names");
  to->add_flag("--from-now", config.from_now, "move the times so that the first record is now");
  to->add_flag("--at-once", config.at_once, "as fast as ingest answers; otherwise by the clock");
  to->callback([&config] { config.command = feed_command::replay; });
}

bool printable(std::string const& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

void add_feed_options(CLI::App& app, feed_config& config) {
  app.set_config("--config", "", "TOML file with the same names, a section for each kind of feed");
  app.require_subcommand(1);
  add_alarm_provider(app, config, feed_command::alerts_in_ua, "alerts-in-ua", "https://api.alerts.in.ua",
                     "Official alarms of alerts.in.ua, version 1");
  add_alarm_provider(app, config, feed_command::ukrainealarm, "ukrainealarm", "https://api.ukrainealarm.com",
                     "Official alarms of ukrainealarm.com, version 3");
  add_cot(app, config);
  add_replay(app, config);
}

result<void> verify_config(feed_config const& config) {
  if (config.source.empty() || config.source.size() > kMaxSource || !printable(config.source))
    return failure{reason::malformed, "--source has 1 to 64 printable characters"};
  if (config.clock.scenario && config.serves == world::live)
    return failure{reason::wrong_mode, "the live world has no scenario clock"};
  if (config.command == feed_command::cot && config.listen.empty() && config.connect.empty())
    return failure{reason::missing_field, "cot needs --listen or --connect"};
  if (config.command == feed_command::replay) {
    auto const files =
        (config.reports.empty() ? 0 : 1) + (config.alarms.empty() ? 0 : 1) + (config.json_lines.empty() ? 0 : 1);
    if (files != 1) return failure{reason::missing_field, "replay needs one of --reports, --alarms, --json-lines"};
    if (!config.alarms.empty() && config.city.empty())
      return failure{reason::missing_field, "--alarms needs --city, for the zones"};
  }
  return {};
}

result<http_provider> provider_of(feed_config const& config, char const* key_of_environment) {
  std::string key = key_of_environment == nullptr ? "" : key_of_environment;
  if (!config.key_file.empty()) {
    auto text = read_whole_file(config.key_file, kMaxKeyBytes);
    if (!text) return text.error();
    key = std::move(*text);
  }
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r' || key.back() == ' ')) key.pop_back();
  if (key.empty()) return failure{reason::missing_field, std::string{"no key: give --key-file or set "} + kKeyVariable};
  http_provider provider;
  provider.base = config.base;
  provider.ca_file = config.ca_file;
  provider.authorization = (config.command == feed_command::alerts_in_ua ? "Bearer " : "") + key;
  if (auto const good = check_provider(provider); !good) return good.error();
  return provider;
}

}  // namespace siren
