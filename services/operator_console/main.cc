#include <fmt/format.h>

#include <iostream>

#include "common/log.h"
#include "common/metrics.h"
#include "common/pg_store.h"
#include "common/rpc_server.h"
#include "operator_console/cap_pages.h"
#include "operator_console/config.h"
#include "operator_console/http_server.h"
#include "operator_console/map_json.h"
#include "operator_console/picture_view.h"
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
  return [type, held] { return http_content{type, held}; };
}

std::map<std::string, http_source> paths_of(service_options const& options, city_bundle const& city,
                                            std::function<std::shared_ptr<std::string const>()> newest) {
  constexpr auto kScript = "text/javascript; charset=utf-8";
  constexpr auto kJson = "application/json";
  return {{"/", fixed("text/html; charset=utf-8", std::string{kIndexHtml})},
          {"/app.js", fixed(kScript, std::string{kAppJs})},
          {"/map.js", fixed(kScript, std::string{kMapJs})},
          {"/panel.js", fixed(kScript, std::string{kPanelJs})},
          {"/words.js", fixed(kScript, std::string{kWordsJs})},
          {"/style.css", fixed("text/css; charset=utf-8", std::string{kStyleCss})},
          {"/icon.svg", fixed("image/svg+xml", std::string{kIconSvg})},
          {"/api/instance",
           fixed(kJson, fmt::format(R"({{"world":"{}","country":"{}"}})", name_of(options.serves), options.country))},
          {"/api/map", fixed(kJson, map_as_json(city))},
          {"/api/now", [newest = std::move(newest)] {
             return http_content{"application/json", newest()};
           }}};
}

int serve(operator_console_config const& config) {
  metrics measured;
  if (auto served = measured.serve(config.common.metrics_listen); !served) return fail(served.error().message);
  auto const city = load_city_bundle(config.city);
  if (!city) return fail(city.error().message);
  pg_store store{config.common.postgres};
  if (auto checked = check_instance(store, std::string{name_of(config.common.serves)}, config.common.country); !checked)
    return fail(checked.error().message);

  real_world_clock const clock{config.common.clock};
  auto const pictures = make_pg_picture_log_reader(store, config.common.country);
  auto const alerts = make_pg_alert_log_reader(store, config.common.country);
  auto const delivery = make_grpc_delivery_source(config.gateway);
  auto const shelters = make_grpc_shelter_list(config.registry);
  picture_view view{{*pictures, *alerts, *delivery, *shelters, clock}};

  // Of its own: many who ask can't keep the operators' page waiting. Short waits: a reader asks again, and a stop
  // waits.
  pg_store cap_store{config.common.postgres, {.connect_timeout = seconds{1}, .statement_timeout = milliseconds{1'500}}};
  auto const cap_alerts = make_pg_alert_log_reader(cap_store, config.common.country);
  auto const history = make_pg_alert_history(cap_store, config.common.country);
  cap_pages cap{{*cap_alerts, *history, clock, config.sender}, *city};
  http_pages pages{paths_of(config.common, *city, [&view] { return view.newest(); }), {}};
  if (!config.sender.id.empty()) pages.trees = {{"/cap/", [&cap](std::string const& rest) { return cap.get(rest); }}};

  auto page = http_server::start(config.common.listen, std::move(pages));
  if (!page) return fail(page.error().message);
  auto door = rpc_server::start(config.internal_listen, rpc_exposure::internal, {});
  if (!door) return fail(door.error().message);
  (*door)->set_ready(true);
  log(log_level::info, "ready", {{"listen", (*page)->address()}});
  wait_for_stop_signal();
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
