#include <fmt/format.h>

#include <iostream>

#include "common/access/access_options.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/mutual_tls.h"
#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "core/zone/zone_map.h"
#include "operator_console/cap_pages.h"
#include "operator_console/city_tiles.h"
#include "operator_console/config.h"
#include "operator_console/handlers.h"
#include "operator_console/http_server.h"
#include "operator_console/map_json.h"
#include "operator_console/page_methods.h"
#include "operator_console/web_files.h"

namespace siren {
namespace {

int fail(std::string const& what) {
  std::cerr << "siren_operator_console: " << what << '\n';
  log(log_level::error, "failed", {{"error", what}});
  return 1;
}

http_source fixed(char const* type, std::string body) {
  auto const held = std::make_shared<std::string const>(std::move(body));
  return [content = http_content{type, held, "\"" + hex_of(sha256_of(*held)) + "\""}] { return content; };
}

http_pages pages_of(operator_console_config const& config, city_bundle const& city,
                    std::shared_ptr<city_tiles const> tiles) {
  http_pages pages;
  for (auto const& file : web_files()) {
    auto const source = fixed(std::string{file.type}.c_str(), std::string{file.body});
    pages.paths[std::string{file.path}] = source;
    if (file.path == "/index.html") pages.paths["/"] = source;
  }
  pages.paths["/city/instance.json"] = fixed(
      "application/json", fmt::format(R"({{"world":"{}","country":"{}","sign_in":{}}})", name_of(config.common.serves),
                                      config.common.country, !config.sign_in.issuer.empty()));
  pages.paths["/city/map.json"] = fixed("application/json", map_as_json(city));
  pages.trees["/city/tiles/"] = [tiles = std::move(tiles)](std::string const& rest) {
    auto tile = tiles->tile(rest);
    if (!tile) return http_content{"", nullptr, "", http_content::lack::not_found, "no such tile"};
    return http_content{"application/vnd.mapbox-vector-tile", std::make_shared<std::string const>(std::move(*tile))};
  };
  return pages;
}

/// A city whose streets can't be drawn is drawn without them.
std::shared_ptr<city_tiles const> tiles_of(city_bundle const& city) {
  auto read = city_tiles::read(city.streets.string());
  if (read) return std::make_shared<city_tiles const>(std::move(*read));
  log(log_level::warn, "no_streets", {{"error", read.error().message}});
  return std::make_shared<city_tiles const>();
}

/// The city's zone, then what is around it; and the zones whose stages are the city's.
struct own_places {
  std::vector<zone_id> around;
  std::set<zone_id> inside;
};

result<own_places> places_of(city_bundle const& city) {
  auto const zones = zone_map::build(city.zones);
  if (!zones) return zones.error();
  own_places found{{city.info.city_zone}, {city.info.city_zone}};
  auto const& around = zones->ancestors(city.info.city_zone);
  found.around.insert(found.around.end(), around.begin(), around.end());
  for (auto const& one : city.zones)
    if (one.parent == city.info.city_zone) found.inside.insert(one.id);
  return found;
}

int serve(operator_console_config const& config) {
  if (auto const identity = use_mutual_tls(config.common.tls); !identity) return fail(identity.error().message);
  metrics measured;
  if (auto served = measured.serve(config.common.metrics_listen); !served) return fail(served.error().message);
  auto const city = load_city_bundle(config.city);
  if (!city) return fail(city.error().message);
  pg_store store{config.common.postgres};
  if (auto checked = check_instance(store, std::string{name_of(config.common.serves)}, config.common.country); !checked)
    return fail(checked.error().message);

  auto const places = places_of(*city);
  if (!places) return fail(places.error().message);
  auto const guard = open_guard(config.sign_in, config.common.serves);
  if (!guard) return fail(guard.error().message);

  real_world_clock const clock{config.common.clock};
  auto const pictures = make_pg_picture_log_reader(store, config.common.country);
  auto const alerts = make_pg_alert_log_reader(store, config.common.country);
  std::vector<std::unique_ptr<delivery_source>> gateways;
  for (auto const& address : config.gateways) gateways.push_back(make_grpc_delivery_source(address));
  auto const shelters = make_grpc_shelter_list(config.registry);
  moment_book moments{places->inside};
  picture_view view{{*pictures, *alerts, gateways, *shelters, clock, &moments}};

  pg_store record_store{config.common.postgres};
  auto const record = make_pg_audit_reader(record_store);
  console_handlers handlers{{**guard, places->around, view, moments, *record}};
  auto door = rpc_server::start(config.internal_listen, rpc_exposure::internal, {&handlers});
  if (!door) return fail(door.error().message);
  web_gate_options options;
  options.methods = page_methods(
      {internal_channel((*door)->address()), internal_channel(config.engine), internal_channel(config.registry)});
  options.origins = {config.origins.begin(), config.origins.end()};
  web_gate gate{std::move(options), measured};

  // Of its own: many who ask can't keep the operators' page waiting. Short waits: a reader asks again, and a stop
  // waits.
  pg_store cap_store{config.common.postgres, {.connect_timeout = seconds{1}, .statement_timeout = milliseconds{1'500}}};
  auto const cap_alerts = make_pg_alert_log_reader(cap_store, config.common.country);
  auto const history = make_pg_alert_history(cap_store, config.common.country);
  cap_pages cap{{*cap_alerts, *history, clock, config.sender}, *city};
  auto pages = pages_of(config, *city, tiles_of(*city));
  if (!config.sender.id.empty()) pages.trees["/cap/"] = [&cap](std::string const& rest) { return cap.get(rest); };

  auto page = http_server::start(config.common.listen, std::move(pages), &gate);
  if (!page) return fail(page.error().message);
  (*door)->set_ready(true);
  log(log_level::info, "ready", {{"listen", (*page)->address()}});
  wait_for_stop_signal();
  page->reset();
  handlers.stop();
  (*door)->stop(seconds{1});
  return 0;
}

}  // namespace
}  // namespace siren

int main(int argc, char** argv) {
  siren::block_stop_signals();
  siren::operator_console_config config;
  CLI::App app{"The operators' page: tracks, zones, shelters, delivery", "siren_operator_console"};
  siren::add_options(app, config);
  if (auto const status = siren::parse_command_line(app, argc, argv)) return *status;
  siren::complete(config);
  if (auto good = siren::verify_options(config); !good) {
    std::cerr << "siren_operator_console: " << good.error().message << '\n';
    return 2;
  }
  siren::start_logging("operator_console", config.common.log_level, config.common.log_file);
  return siren::serve(config);
}
