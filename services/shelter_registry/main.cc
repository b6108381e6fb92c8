#include <iostream>

#include "common/access/access_options.h"
#include "common/log.h"
#include "common/mutual_tls.h"
#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "shelter_registry/adapters/pg_shelter_store.h"
#include "shelter_registry/conditions_handlers.h"
#include "shelter_registry/config.h"
#include "shelter_registry/handlers.h"
#include "shelter_registry/upkeep.h"

namespace {

constexpr siren::seconds kDatabaseWait{30};  // a database that starts beside us needs a few seconds
constexpr siren::milliseconds kDatabaseRetry{250};
constexpr siren::milliseconds kGrace{2'000};  // calls take milliseconds, an import some seconds; the whole stop ≤ 5 s

int refuse_to_start(siren::failure const& bad) {
  siren::log(siren::log_level::error, "cannot_start", {{"reason", siren::name_of(bad.why)}, {"error", bad.message}});
  std::cerr << "siren_shelter_registry: " << bad.message << '\n';
  return 1;
}

siren::result<void> wait_for_instance(siren::pg_store& store, siren::service_options const& options) {
  auto const until = siren::steady_now() + kDatabaseWait;
  while (true) {
    auto const checked = siren::check_instance(store, std::string{name_of(options.serves)}, options.country);
    if (checked || checked.error().why != siren::reason::store_unavailable || siren::steady_now() > until)
      return checked;
    std::this_thread::sleep_for(kDatabaseRetry);
  }
}

}  // namespace

int main(int argc, char** argv) {
  siren::block_stop_signals();
  siren::shelter_registry_config config;
  CLI::App app{"Keeps shelters: what is open, what has room", "siren_shelter_registry"};
  siren::add_flags(app, config);
  if (auto const status = siren::parse_command_line(app, argc, argv)) return *status;
  if (auto const fit = siren::verify(config); !fit) {
    std::cerr << "siren_shelter_registry: " << fit.error().message << '\n';
    return 2;
  }
  auto const& options = config.common;
  siren::start_logging("shelter_registry", options.log_level, options.log_file);
  auto const guard = siren::open_guard(config.sign_in, options.serves);
  if (!guard) return refuse_to_start(guard.error());
  if (auto const identity = siren::use_mutual_tls(options.tls); !identity) return refuse_to_start(identity.error());
  siren::metrics counts;
  if (auto const served = counts.serve(options.metrics_listen); !served) return refuse_to_start(served.error());

  siren::pg_store::limits bounds;
  bounds.connections = 8;  // as many calls at once as a city's operators and counters make
  bounds.statement_timeout = siren::milliseconds{10'000};  // the largest import holds its rows for some seconds
  bounds.pool_wait = siren::milliseconds{5'000};
  siren::pg_store database{options.postgres, bounds};
  if (auto const ours = wait_for_instance(database, options); !ours) return refuse_to_start(ours.error());
  siren::pg_shelter_store store{database};
  auto const speaker = siren::make_redis_bus(options.redis);
  siren::announcer const announcements{*speaker, siren::bus_name(options, "shelter"), counts};
  siren::real_world_clock clock{options.clock};
  siren::pg_store::limits brief;
  brief.connections = 1;
  brief.statement_timeout = siren::milliseconds{1'000};
  siren::pg_store record_store{options.postgres, brief};
  auto const record_writer = siren::make_pg_audit_writer(record_store);
  siren::audit_keeper record{*record_writer};
  siren::shelter_handlers::parts const parts{store, announcements, clock, counts, **guard, config.city, record};
  siren::shelter_handlers shelters{parts};
  siren::conditions_handlers conditions{parts};

  auto server = siren::rpc_server::start(options.listen, siren::rpc_exposure::internal, {&shelters, &conditions});
  if (!server) return refuse_to_start(server.error());
  {
    siren::upkeep const looks{store, clock, announcements, counts, [&](bool ready) { (*server)->set_ready(ready); }};
    siren::log(siren::log_level::info, "ready", {{"listen", (*server)->address()}});
    siren::wait_for_stop_signal();
  }
  (*server)->set_ready(false);
  (*server)->stop(kGrace);
  siren::log(siren::log_level::info, "stopped");
  return 0;
}
