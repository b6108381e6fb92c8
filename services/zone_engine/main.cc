#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "common/access/access_options.h"
#include "common/city_bundle/city_bundle.h"
#include "common/log.h"
#include "common/mutual_tls.h"
#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "zone_engine/adapters/pg_leadership.h"
#include "zone_engine/adapters/pg_order_store.h"
#include "zone_engine/engine.h"
#include "zone_engine/handlers.h"
#include "zone_engine/leftover.h"

namespace siren {
namespace {

constexpr seconds kStorePatience{30};  // at the start; then exit, so that the supervisor sees it
constexpr milliseconds kStoreRetry{500};
constexpr milliseconds kCallGrace{1'000};

int refuse(failure const& bad) {
  std::cerr << "siren_zone_engine: " << bad.message << '\n';
  log(log_level::error, "not_started", {{"reason", name_of(bad.why)}, {"message", bad.message}});
  return EXIT_FAILURE;
}

/// True: a stop signal came.
bool stopped_within(milliseconds wait) {
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  timespec const pause{wait.count() / 1000, wait.count() % 1000 * 1'000'000};
  return sigtimedwait(&stops, nullptr, &pause) > 0;
}

result<zone_map> zones_of(std::string const& city) {
  auto const bundle = load_city_bundle(city);
  if (!bundle) return bundle.error();
  for (auto const& reject : bundle->rejects)
    log(log_level::warn, "city_row_rejected",
        {{"file", reject.file}, {"row", reject.row}, {"message", reject.because.message}});
  return zone_map::build(bundle->zones);
}

/// Beside the log's own connections: operators' calls are few.
pg_store::limits record_bounds() {
  pg_store::limits chosen;
  chosen.connections = 1;
  chosen.statement_timeout = milliseconds{1'000};
  return chosen;
}

failure const kStopped{reason::draining, "stopped before it could begin"};

/// Waits for the database, at most kStorePatience.
result<void> wait_for_store(pg_store& store, service_options const& options) {
  auto const until = steady_now() + kStorePatience;
  while (true) {
    auto checked = check_instance(store, std::string{name_of(options.serves)}, options.country);
    if (checked || checked.error().why != reason::store_unavailable || steady_now() >= until) return checked;
    if (stopped_within(kStoreRetry)) return kStopped;
  }
}

struct stores {
  alert_log_writer& writer;
  order_store& orders;
  leadership& lead;
  journal& kept;
};

/// Leads, if nobody else does: everybody before is shut out, and what an earlier life of this process kept is in the
/// log. Absent: another process leads. `earlier`: of a try that the store cut short.
result<std::optional<alert_term>> try_to_lead(stores const& with, std::optional<alert_term>& earlier) {
  auto const got = with.lead.acquire();
  if (!got) return got.error();
  if (!*got) {
    // People were told that these orders hold; who leads finds them in the store.
    if (auto handed = hand_over_orders(with.kept, with.orders); !handed) return handed.error();
    return std::optional<alert_term>{};
  }
  auto term = with.writer.take_over(with.kept.noted());
  if (!term) return term.error();
  if (earlier && earlier->mine == term->before && earlier->head.epoch == term->epoch_before) {
    term->before = earlier->before;
    term->epoch_before = earlier->epoch_before;
  }
  earlier = *term;
  if (auto put = put_leftover(with.kept, *term, with.writer, with.orders); !put) return put.error();
  with.kept.note(term->head);
  if (auto cleared = with.kept.clear(term->mine); !cleared) return cleared.error();
  return std::optional{*term};
}

/// Waits as a standby, as long as it takes.
result<alert_term> wait_to_lead(stores const& with, zone_engine_limits const& limits) {
  auto told = false;
  std::optional<alert_term> earlier;
  while (true) {
    auto const term = try_to_lead(with, earlier);
    if (term && *term) return **term;
    if (!std::exchange(told, true)) log(log_level::info, term ? "standby" : "store_away");
    if (stopped_within(limits.standby_poll)) return kStopped;
  }
}

int serve(zone_engine_config const& config) {
  auto const& options = config.common;
  if (auto const identity = use_mutual_tls(options.tls); !identity) return refuse(identity.error());
  metrics measured;
  if (auto served = measured.serve(options.metrics_listen); !served) return refuse(served.error());
  auto zones = zones_of(config.city);
  if (!zones) return refuse(zones.error());
  auto const guard = open_guard(config.sign_in, options.serves);
  if (!guard) return refuse(guard.error());
  auto const kept = journal::open(config.journal);
  if (!kept) return refuse(kept.error());
  pg_store store{options.postgres};
  if (auto ready = wait_for_store(store, options); !ready) return refuse(ready.error());
  auto const lead = make_pg_leadership(options.postgres, options.country);
  auto const writer = make_pg_alert_log_writer(store, options.country);
  auto const reader = make_pg_alert_log_reader(store, options.country);
  auto const picture = make_pg_picture_log_reader(store, options.country);
  auto const orders = make_pg_order_store(store, options.country);
  auto const term = wait_to_lead({*writer, *orders, *lead, **kept}, config.limits);
  if (!term) return refuse(term.error());

  real_world_clock const clock{options.clock};
  auto const speaks = make_redis_bus(options.redis);
  auto const listens = [&](bus_handlers handlers) {
    return listen_redis(options.redis, {bus_name(options, "picture")}, std::move(handlers));
  };
  std::atomic<rpc_server*> door{nullptr};
  std::atomic<bool> fenced{false};
  engine::callbacks const tell{.on_step =
                                   [&](alert_outlet::outcome became) {
                                     auto* open = door.load();
                                     auto const safe = became != alert_outlet::outcome::at_risk;
                                     if (open != nullptr) open->set_ready(safe);
                                   },
                               .on_fenced =
                                   [&] {
                                     fenced = true;
                                     ::kill(::getpid(), SIGTERM);
                                   }};
  auto running =
      engine::start({*writer, *reader, *picture, *orders, *lead, **kept, term->mine, *speaks, listens, clock, measured},
                    std::move(zones).value(), config, tell);
  if (!running) return refuse(running.error());
  pg_store record_store{options.postgres, record_bounds()};
  auto const record_writer = make_pg_audit_writer(record_store);
  audit_keeper record{*record_writer};
  alarm_handlers alarms{{(*running)->zones(), (*running)->inputs(), **guard, options.serves, record}, config.limits};
  zone_handlers zone_list{(*running)->zones(), (*running)->board()};
  auto const server = rpc_server::start(options.listen, rpc_exposure::internal, {&alarms, &zone_list});
  if (!server) return refuse(server.error());
  door = server->get();
  log(log_level::info, "ready", {{"listen", (*server)->address()}, {"term", term->mine}});
  wait_for_stop_signal();

  log(log_level::info, "stopping");
  door = nullptr;
  (*server)->set_ready(false);
  (*server)->stop(kCallGrace);
  running->reset();
  return fenced ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace
}  // namespace siren

int main(int argc, char** argv) {
  siren::block_stop_signals();
  CLI::App app{"Decides which zones are in danger and writes the alert log", "siren_zone_engine"};
  siren::zone_engine_config config;
  siren::add_zone_engine_options(app, config);
  if (auto const status = siren::parse_command_line(app, argc, argv)) return *status;
  if (auto const good = siren::verify(config); !good) {
    std::cerr << "siren_zone_engine: " << good.error().message << " (see --help)\n";
    return 2;
  }
  siren::start_logging("zone_engine", config.common.log_level, config.common.log_file);
  return siren::serve(config);
}
