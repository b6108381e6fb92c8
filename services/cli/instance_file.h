#pragma once

#include <map>
#include <string>

#include "core/base/mode.h"
#include "core/base/result.h"

namespace siren {

/// Where one Siren's parts listen: from flags, else from the instance file (TOML, `name = "value"`) that a start script
/// writes. Known names: world, country, threat_ingest, zone_engine, shelter_registry, route_planner, alert_gateway,
/// alert_gateway_internal, operator_console, operator_console_internal, postgres, redis, token_file;
/// others are ignored.
class instance_addresses {
 public:
  /// Failure: FILE_UNREADABLE, MALFORMED. What flags gave stays.
  [[nodiscard]] result<void> read_file(std::string const& file);
  /// A flag's place: what is written there counts before the file.
  [[nodiscard]] std::string& flag(std::string const& name) { return flags_[name]; }

  /// Empty when nobody told.
  [[nodiscard]] std::string get(std::string const& name) const;
  /// Failure: MISSING_FIELD with a sentence that names the flag.
  [[nodiscard]] result<std::string> need(std::string const& name) const;
  [[nodiscard]] result<world> serves() const;
  /// The door for calls between services: health, DeliveryService.
  [[nodiscard]] std::string internal_door(std::string const& service) const;

 private:
  std::map<std::string, std::string> flags_;
  std::map<std::string, std::string> file_;
};

/// "shelter_registry" → "--shelter-registry"
[[nodiscard]] std::string flag_of(std::string const& name);

}  // namespace siren
