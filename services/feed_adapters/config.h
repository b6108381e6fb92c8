#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/service_options.h"
#include "core/base/ids.h"
#include "feed_adapters/alarm_poller.h"
#include "feed_adapters/http_client.h"

namespace siren {

enum class feed_command : std::uint8_t { alerts_in_ua, ukrainealarm, cot, replay };

/// One adapter, as told on the command line.
struct feed_config {
  feed_command command = feed_command::replay;
  std::string ingest;  // ThreatFeedService
  std::string source;  // as threat_ingest's --source knows it
  world serves = world::exercise;
  std::string city;
  std::string metrics_listen;
  std::string log_file;
  std::string log_level = "info";
  clock_options clock;
  mutual_tls_files tls;
  // Alarm providers.
  std::string base;
  std::string key_file;  // else the environment variable kKeyVariable
  std::string ca_file;
  std::string told;
  bool list_may_be_empty = false;
  // Cursor on Target.
  std::vector<std::string> listen;
  std::vector<std::string> connect;
  // Replay.
  std::string reports;
  std::string alarms;
  std::string json_lines;
  std::string names;
  bool from_now = false;
  bool at_once = false;
};

inline constexpr char kKeyVariable[] = "SIREN_FEED_KEY";

void add_feed_options(CLI::App& app, feed_config& config);

/// Refuses what can't work, with a sentence.
[[nodiscard]] result<void> verify_config(feed_config const& config);

/// With the key of the file or of `key_of_environment` (null: not set). Failure: missing_field, file_unreadable, or as
/// check_provider.
[[nodiscard]] result<http_provider> provider_of(feed_config const& config, char const* key_of_environment);

}  // namespace siren
