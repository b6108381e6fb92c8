#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include <unistd.h>

#include "common/city_bundle/city_bundle.h"
#include "common/log.h"
#include "common/mutual_tls.h"
#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "threat_ingest/config.h"
#include "threat_ingest/handlers.h"

namespace siren {
namespace {

constexpr seconds kStorePatience{30};  // at the start; then exit, so that the supervisor sees it
constexpr milliseconds kStoreRetry{500};
constexpr milliseconds kStreamGrace{500};  // feeds reconnect by themselves
constexpr milliseconds kStuckStore{1'000};

int refuse(failure const& bad) {
  std::cerr << "siren_threat_ingest: " << bad.message << '\n';
  log(log_level::error, "not_started", {{"reason", name_of(bad.why)}, {"message", bad.message}});
  return 1;
}

/// How long this machine may stall, in real time, before tracks and reports count as old.
constexpr seconds kStall{2};

result<city_bundle> city_of(std::string const& folder) {
  auto bundle = load_city_bundle(folder);
  if (!bundle) return bundle;
  for (auto const& reject : bundle->rejects)
    log(log_level::warn, "city_row_rejected",
        {{"file", reject.file}, {"row", reject.row}, {"message", reject.because.message}});
  return bundle;
}

std::set<zone_id> regions_of(city_bundle const& city) {
  std::set<zone_id> regions;
  for (auto const& zone : city.zones) {
    regions.insert(zone.id);
    regions.insert(zone.replaces.begin(), zone.replaces.end());  // officials may go on naming it
  }
  return regions;
}

ingest_policy policy_for(service_options const& options, city_bundle const& city) {
  ingest_policy policy;
  policy.intake.serves = options.serves;
  policy.intake.theatre = city.info.theatre_box;
  // In an exercise a short stall of the machine is minutes of the world's time.
  if (options.clock.scenario)
    widen(policy,
          seconds{static_cast<std::int64_t>(std::ceil(static_cast<double>(kStall.count()) * options.clock.rate))});
  return policy;
}

/// The log of this instance's world, opened; tried until the patience ends unless the database is a wrong one.
result<picture_memory> open_log(pg_store& store, picture_log_writer& writer, service_options const& options,
                                ingest_policy const& policy, utc_time now) {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  auto const until = steady_now() + kStorePatience;
  while (true) {
    auto const checked = check_instance(store, std::string{name_of(options.serves)}, options.country);
    if (!checked && checked.error().why != reason::store_unavailable) return checked.error();
    auto opened = checked ? writer.open(now - policy.longest_horizon(), policy.max_recent)
                          : result<picture_memory>{checked.error()};
    if (opened || steady_now() >= until) return opened;
    timespec const pause{0, std::chrono::nanoseconds{kStoreRetry}.count()};
    if (sigtimedwait(&stops, nullptr, &pause) > 0)
      return failure{reason::draining, "stopped while waiting for the database"};
  }
}

int serve(ingest_config const& config, source_map sources) {
  auto const& options = config.service;
  if (auto const identity = use_mutual_tls(options.tls); !identity) return refuse(identity.error());
  metrics measured;
  if (auto served = measured.serve(options.metrics_listen); !served) return refuse(served.error());
  auto const city = city_of(config.city);
  if (!city) return refuse(city.error());

  auto const policy = policy_for(options, *city);
  real_world_clock const clock{options.clock};
  pg_store store{options.postgres};
  auto const writer = make_pg_picture_log_writer(store, options.country);
  auto const memory = open_log(store, *writer, options, policy, clock.now());
  if (!memory) return refuse(memory.error());

  instruments counts{measured};
  ingest decisions{policy, source_book{std::move(sources), config.any_source}, regions_of(*city)};
  decisions.restore(*memory, clock.now(), steady_now());
  auto const fast = options.redis.empty() ? nullptr : make_redis_bus(options.redis);
  std::unique_ptr<bus_publisher> publisher;
  if (fast) publisher = std::make_unique<bus_publisher>(*fast, bus_name(options, "picture"), counts);
  store_worker worker;
  recorder records{*writer, publisher.get(), worker, counts};
  records.start(memory->state.epoch());
  std::atomic<bool> shut_out{false};
  decision_loop loop{{decisions, records, clock, counts, [&] {
                        shut_out = true;
                        ::kill(::getpid(), SIGTERM);
                      }}};
  threat_feed_service service{loop, counts};
  auto const server = rpc_server::start(options.listen, rpc_exposure::feeds, {&service});
  if (!server) return refuse(server.error());
  (*server)->set_ready(true);
  log(log_level::info, "ready", {{"listen", (*server)->address()}, {"tracks", memory->state.tracks_size()}});
  wait_for_stop_signal();

  log(log_level::info, "stopping");
  (*server)->set_ready(false);
  loop.stop();
  (*server)->stop(kStreamGrace);
  // A store that hangs would keep us from ending; nothing is lost by leaving it.
  if (!worker.wait_idle(kStuckStore)) std::_Exit(EXIT_FAILURE);
  return shut_out ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace
}  // namespace siren

int main(int argc, char** argv) {
  siren::block_stop_signals();
  CLI::App app{"Takes threat feeds, fuses their reports into one picture and logs its changes", "siren_threat_ingest"};
  siren::ingest_config config;
  siren::add_ingest_options(app, config);
  if (auto const status = siren::parse_command_line(app, argc, argv)) return *status;
  auto sources = siren::verify_config(config);
  if (!sources) {
    std::cerr << "siren_threat_ingest: " << sources.error().message << " (see --help)\n";
    return 2;
  }
  siren::start_logging("threat_ingest", config.service.log_level, config.service.log_file);
  return siren::serve(config, std::move(*sources));
}
