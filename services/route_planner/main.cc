#include <iostream>

#include "common/bus.h"
#include "common/city_bundle/city_bundle.h"
#include "common/log.h"
#include "common/rpc_server.h"
#include "route_planner/adapters/grpc_shelter_source.h"
#include "route_planner/adapters/osm_streets.h"
#include "route_planner/config.h"
#include "route_planner/handlers.h"

namespace siren {
namespace {

int fail(std::string const& what) {
  std::cerr << "siren_route_planner: " << what << '\n';
  log(log_level::error, "failed", {{"error", what}});
  return 1;
}

void tell(street_import const& imported) {
  log(log_level::info, "streets_imported",
      {{"nodes", imported.counts.nodes},
       {"segments", imported.counts.segments},
       {"ways_read", imported.ways_read},
       {"ways_taken", imported.counts.ways},
       {"points_missing", imported.counts.points_missing},
       {"bad_locations", imported.bad_locations},
       {"small_parts_dropped", imported.counts.small_parts},
       {"nodes_in_small_parts", imported.counts.nodes_in_small_parts}});
  for (std::size_t i = 1; i < imported.refused.size(); ++i)
    if (imported.refused[i] > 0)
      log(log_level::info, "ways_refused",
          {{"why", name_of(static_cast<foot_refusal>(i))}, {"count", imported.refused[i]}});
}

int serve(route_planner_config const& config) {
  metrics measured;
  if (auto served = measured.serve(config.common.metrics_listen); !served) return fail(served.error().message);
  auto bundle = load_city_bundle(config.city);
  if (!bundle) return fail(bundle.error().message);
  auto imported = import_osm_streets(bundle->streets.string(), bundle->info.generated);
  if (!imported) return fail(imported.error().message);
  tell(*imported);
  auto const streets = std::make_shared<street_graph const>(std::move(imported->streets));
  auto const snap = std::make_shared<snap_index const>(*streets);

  real_world_clock const clock{config.common.clock};
  auto const registry = make_grpc_shelter_source(config.registry);
  auto const speaker = make_redis_bus(config.common.redis);
  auto const topic = bus_name(config.common, "plan");
  auto const first = static_cast<std::uint64_t>(wall_now().time_since_epoch().count() / 1000);
  rpc_server* door = nullptr;
  planner plans{{.streets = streets,
                 .snap = snap,
                 .shelters = *registry,
                 .announce =
                     [&](std::uint64_t version) {
                       door->set_ready(true);
                       (void)speaker->publish(topic, std::to_string(version));
                     },
                 .measured = measured,
                 .first_version = first}};
  auto const ears =
      listen_redis(config.common.redis, {bus_name(config.common, "shelter")},
                   {.on_message = [&](auto const&, auto const&) { plans.poke(); }, .on_gap = [&] { plans.poke(); }});
  plan_handlers plan_door{plans};
  guidance_handlers guidance_door{plans, clock};
  auto server = rpc_server::start(config.common.listen, rpc_exposure::internal, {&plan_door, &guidance_door});
  if (!server) return fail(server.error().message);
  door = server->get();
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
  if (auto good = siren::verify_options(config.common); !good) {
    std::cerr << "siren_route_planner: " << good.error().message << '\n';
    return 2;
  }
  siren::start_logging("route_planner", config.common.log_level, config.common.log_file);
  return siren::serve(config);
}
