#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include <absl/synchronization/mutex.h>

#include "alert_gateway/adapters/grpc_plan_source.h"
#include "alert_gateway/config.h"
#include "common/city_bundle/city_bundle.h"
#include "common/log.h"
#include "common/mutual_tls.h"
#include "common/pg_store.h"

namespace siren {
namespace {

constexpr seconds kDatabaseWithin{30};
constexpr milliseconds kDatabaseRetry{500};
constexpr rlim_t kFilesBesidePhones = 200;  // database, bus, metrics, logs, other doors

int fail(std::string const& what) {
  std::cerr << "siren_alert_gateway: " << what << '\n';
  log(log_level::error, "failed", {{"error", what}});
  return 1;
}

/// Positions live in this memory: it must not become a file.
void forbid_core_dumps() {
  rlimit const none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

/// A phone is a file. Returns how many phones fit.
std::size_t raise_file_limit() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  getrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur > kFilesBesidePhones ? files.rlim_cur - kFilesBesidePhones : 1;
}

result<void> wait_for_database(pg_store& store, service_options const& options) {
  auto const give_up = steady_now() + kDatabaseWithin;
  for (;;) {
    auto const ok = check_instance(store, std::string{name_of(options.serves)}, options.country);
    if (ok || ok.error().why != reason::store_unavailable || steady_now() >= give_up) return ok;
    std::this_thread::sleep_for(kDatabaseRetry);
  }
}

int serve(alert_gateway_config config) {
  forbid_core_dumps();
  config.max_streams = std::min(config.max_streams, raise_file_limit());
  // Debian's absl tracks lock orders through every mutex of gRPC; at thousands of accepts a second that is half the
  // cost.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);

  if (auto const identity = use_mutual_tls(config.common.tls); !identity) return fail(identity.error().message);
  metrics measured;
  if (auto served = measured.serve(config.common.metrics_listen); !served) return fail(served.error().message);
  auto const bundle = load_city_bundle(config.city);
  if (!bundle) return fail(bundle.error().message);
  auto const zones = zone_map::build(bundle->zones);
  if (!zones) return fail(zones.error().message);
  pg_store store{config.common.postgres};
  if (auto const ok = wait_for_database(store, config.common); !ok) return fail(ok.error().message);

  auto const reader = make_pg_alert_log_reader(store, config.common.country);
  auto const speaker = make_redis_bus(config.common.redis);
  auto const plans = make_grpc_plan_source(config.planner);
  real_world_clock const clock{config.common.clock};
  auto const name = std::to_string(wall_now().time_since_epoch().count()) + "-" + std::to_string(getpid());
  auto running =
      gateway::start({.log = *reader,
                      .speaker = *speaker,
                      .listen =
                          [&](std::vector<std::string> channels, bus_handlers handlers) {
                            return listen_redis(config.common.redis, std::move(channels), std::move(handlers));
                          },
                      .plans = *plans,
                      .zones = *zones,
                      .clock = clock,
                      .measured = measured},
                     gateway_options_of(config, name));
  if (!running) return fail(running.error().message);
  wait_for_stop_signal();
  (*running)->stop();
  log(log_level::info, "stopped");
  return 0;
}

}  // namespace
}  // namespace siren

int main(int argc, char** argv) {
  siren::block_stop_signals();
  CLI::App app{"Streams alerts and guidance to phones", "siren_alert_gateway"};
  siren::alert_gateway_config config;
  siren::add_options(app, config);
  if (auto const status = siren::parse_command_line(app, argc, argv)) return *status;
  if (auto const ok = siren::verify_config(config); !ok) {
    std::cerr << "siren_alert_gateway: " << ok.error().message << '\n';
    return 2;
  }
  siren::start_logging("alert_gateway", config.common.log_level, config.common.log_file);
  return siren::serve(std::move(config));
}
