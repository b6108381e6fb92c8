#include <iostream>

#include "common/alert_log/alert_log.h"
#include "common/bus.h"
#include "common/city_bundle/city_bundle.h"
#include "common/local_time.h"
#include "common/log.h"
#include "common/mutual_tls.h"
#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "route_planner/adapters/grpc_shelter_source.h"
#include "route_planner/alarm_follower.h"
#include "route_planner/config.h"
#include "route_planner/handlers.h"
#include "route_planner/planner.h"
#include "route_planner/street_cache.h"

namespace siren {
namespace {

constexpr seconds kDatabaseWithin{30};
constexpr milliseconds kDatabaseRetry{500};

int fail(std::string const& what) {
  std::cerr << "siren_route_planner: " << what << '\n';
  log(log_level::error, "failed", {{"error", what}});
  return 1;
}

result<void> wait_for_database(pg_store& store, service_options const& options) {
  auto const give_up = steady_now() + kDatabaseWithin;
  while (true) {
    auto const ok = check_instance(store, std::string{name_of(options.serves)}, options.country);
    if (ok || ok.error().why != reason::store_unavailable || steady_now() >= give_up) return ok;
    std::this_thread::sleep_for(kDatabaseRetry);
  }
}

/// What stays as it is while the process lives.
struct city_on_foot {
  city_bundle bundle;
  zone_map zones;
  std::shared_ptr<street_graph const> streets;
  std::shared_ptr<snap_index const> snap;
  city_people people;
};

result<city_on_foot> load_city(route_planner_config const& config, file_cache const& cache) {
  auto bundle = load_city_bundle(config.city);
  if (!bundle) return bundle.error();
  auto zones = zone_map::build(bundle->zones);
  if (!zones) return zones.error();
  auto streets = load_streets(bundle->streets.string(), bundle->info.generated, cache);
  if (!streets) return streets.error();
  auto people = find_people(**streets, *zones, bundle->info.city_zone);
  log(log_level::info, "people_placed",
      {{"areas", people.areas.size()}, {"people", people.people.total}, {"unplaced", people.people.unplaced}});
  auto snap = std::make_shared<snap_index const>(**streets);
  return city_on_foot{std::move(*bundle), std::move(*zones), std::move(*streets), std::move(snap), std::move(people)};
}

int serve(route_planner_config const& config) {
  if (auto const identity = use_mutual_tls(config.common.tls); !identity) return fail(identity.error().message);
  metrics measured;
  if (auto served = measured.serve(config.common.metrics_listen); !served) return fail(served.error().message);
  file_cache const cache{config.cache};
  auto city = load_city(config, cache);
  if (!city) return fail(city.error().message);
  live_in_time_zone(city->bundle.info.time_zone);
  pg_store store{config.common.postgres};
  if (auto const ok = wait_for_database(store, config.common); !ok) return fail(ok.error().message);

  real_world_clock const clock{config.common.clock};
  auto const registry = make_grpc_shelter_source(config.registry);
  auto const alert_log = make_pg_alert_log_reader(store, config.common.country);
  auto const speaker = make_redis_bus(config.common.redis);
  auto const topic = bus_name(config.common, "plan");
  plan_shelf shelf;
  plan_handlers plan_door{*city->streets, shelf};
  guidance_handlers guidance_door{*city->streets, *city->snap, shelf, clock};
  auto server = rpc_server::start(config.common.listen, rpc_exposure::internal, {&plan_door, &guidance_door});
  if (!server) return fail(server.error().message);

  planner plans{{.streets = city->streets,
                 .snap = city->snap,
                 .zones = city->zones,
                 .people = city->people,
                 .metro = city->bundle.metro,
                 .centre = city->bundle.info.centre,
                 .shelters = *registry,
                 .local_time = local_time_of_day,
                 .clock = clock,
                 .announce =
                     [&](std::uint64_t version) {
                       (*server)->set_ready(true);
                       (void)speaker->publish(topic, std::to_string(version));
                     },
                 .shelf = shelf,
                 .cache = cache,
                 .measured = measured,
                 .first_version = static_cast<std::uint64_t>(wall_now().time_since_epoch().count() / 1000)}};
  alarm_follower alarms{*alert_log, config.common.serves, [&](auto const& all) { plans.alarms_are(all); }};
  auto const alert_topic = bus_name(config.common, "alert");
  auto const ears = listen_redis(config.common.redis, {bus_name(config.common, "shelter"), alert_topic},
                                 {.on_message =
                                      [&](auto const& channel, auto const&) {
                                        if (channel == alert_topic)
                                          alarms.poke();
                                        else
                                          plans.poke();
                                      },
                                  .on_gap =
                                      [&] {
                                        alarms.poke();
                                        plans.poke();
                                      }});
  plans.start();
  log(log_level::info, "ready", {{"listen", (*server)->address()}});
  wait_for_stop_signal();
  (*server)->stop(seconds{2});
  return 0;
}

}  // namespace
}  // namespace siren

int main(int argc, char** argv) {
  siren::block_stop_signals();
  siren::route_planner_config config;
  CLI::App app{"Plans where people go and answers for one place", "siren_route_planner"};
  siren::add_options(app, config);
  if (auto const status = siren::parse_command_line(app, argc, argv)) return *status;
  if (auto good = siren::verify_config(config); !good) {
    std::cerr << "siren_route_planner: " << good.error().message << '\n';
    return 2;
  }
  siren::start_logging("route_planner", config.common.log_level, config.common.log_file);
  return siren::serve(config);
}
