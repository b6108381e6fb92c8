#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "core/base/mode.h"
#include "rig/child_process.h"
#include "rig/private_servers.h"

namespace siren {

/// Databases and buses that somebody else runs.
struct outside_stores {
  std::string postgres;            // libpq connection string
  std::vector<std::string> redis;  // the flags that name it
};

struct instance_options {
  std::string folder;    // data, sockets and logs; see make_run_folder
  std::string programs;  // where the siren_* programs are
  std::string migrations;
  std::string city;  // a city bundle
  world serves = world::exercise;
  std::string country = "UA";
  clock_options clock;
  bool durable = true;         // fsync on
  bool keep_data = false;      // otherwise it begins with an empty database
  std::string console_listen;  // empty: a free port
  std::map<std::string, std::vector<std::string>>
      more;  // further flags by service name, e.g. {"alert_gateway", {"--heartbeat-ms", "500"}}
  std::map<std::string, int> copies;     // how many of a service, if not one; the second is called NAME_2
  std::optional<outside_stores> stores;  // absent: private ones are started
  /// Who may what in `city_zone`: role names by person. With anybody in it there is sign-in, an issuer of this
  /// instance's own, each one's token in `folder`/NAME.token, good for twelve hours; the first one's is what the
  /// `siren` command uses. Exercises only.
  std::vector<std::pair<std::string, std::vector<std::string>>> people;
  std::string city_zone;
};

/// A whole Siren on this machine: private PostgreSQL and Redis, and the six services as processes of their own, all on
/// unix sockets and free loopback ports. The addresses stand in `folder`/instance.toml, which the `siren` command
/// reads.
class instance {
 public:
  using progress = std::function<void(std::string const& step)>;

  /// Database, bus, migrations, services, city import: ready for feeds and phones when it returns.
  [[nodiscard]] static result<std::unique_ptr<instance>> start(instance_options options, progress const& tell);
  ~instance();

  /// gRPC address of "threat_ingest", "zone_engine", "shelter_registry", "route_planner", "alert_gateway" (phones),
  /// "alert_gateway_internal", "operator_console" (http).
  [[nodiscard]] std::string const& address(std::string const& name) const { return addresses_.at(name); }
  [[nodiscard]] std::string metrics_address(std::string const& service) const { return metrics_.at(service); }
  [[nodiscard]] std::string log_file(std::string const& service) const;
  /// Empty: nobody of that name.
  [[nodiscard]] std::string token_of(std::string const& person) const;
  /// The private ones.
  [[nodiscard]] private_postgres& postgres() { return *postgres_; }
  [[nodiscard]] private_redis& redis() { return *redis_; }
  [[nodiscard]] child_process& service(std::string const& name) { return *processes_.at(name); }
  /// Every process that we started: name and pid.
  [[nodiscard]] std::vector<std::pair<std::string, pid_t>> processes() const;

  /// After a kill: the same service with the same flags and address.
  [[nodiscard]] result<void> start_again(std::string const& service);
  /// Waits until a service says SERVING.
  [[nodiscard]] result<void> wait_serving(std::string const& service, milliseconds at_most);
  /// Stops services, then Redis and PostgreSQL. The destructor does too.
  void stop();
  void write_instance_file() const;

 private:
  explicit instance(instance_options options);
  void choose_addresses();
  [[nodiscard]] result<void> issue_tokens();
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] result<void> start_stores(progress const& tell);
  [[nodiscard]] result<void> start_services(progress const& tell);
  [[nodiscard]] std::vector<std::string> command(std::string const& service) const;
  [[nodiscard]] result<void> run_siren(std::vector<std::string> const& words);
  [[nodiscard]] result<void> start_service(std::string const& name);

  instance_options options_;
  std::map<std::string, std::string> addresses_;
  std::map<std::string, std::string> metrics_;
  std::unique_ptr<private_postgres> postgres_;
  std::unique_ptr<private_redis> redis_;
  std::string dsn_;
  std::vector<std::string> redis_flags_;
  std::vector<std::string> access_flags_;
  std::map<std::string, std::string> tokens_;
  std::map<std::string, std::unique_ptr<child_process>> processes_;
};

}  // namespace siren
