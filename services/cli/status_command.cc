#include <array>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/health.h"
#include "common/convert/alert_convert.h"
#include "common/pg_store.h"
#include "common/picture_log/picture_log.h"
#include "common/rpc_server.h"
#include "siren/alerts/v1/delivery_service.grpc.pb.h"
#include "siren/alerts/v1/zone_service.grpc.pb.h"

namespace siren {
namespace {

using json = nlohmann::ordered_json;
constexpr milliseconds kCall{3'000};
constexpr std::array<char const*, 6> kServices{"threat_ingest", "zone_engine",   "shelter_registry",
                                               "route_planner", "alert_gateway", "operator_console"};

char const* name_of(health one) {
  switch (one) {
    case health::serving:
      return "serving";
    case health::not_serving:
      return "not serving";
    case health::no_answer:
      return "no answer";
  }
  return "no answer";
}

char const* name_of(alerts::v1::PictureState state) {
  switch (state) {
    case alerts::v1::PICTURE_STATE_LIVE:
      return "live";
    case alerts::v1::PICTURE_STATE_DEGRADED:
      return "degraded";
    case alerts::v1::PICTURE_STATE_LOST:
      return "lost";
    default:
      return "unknown";
  }
}

json service_states(instance_addresses const& where, bool& all_serving) {
  auto list = json::array();
  for (auto const* name : kServices) {
    auto const address = where.internal_door(name);
    auto const state = address.empty() ? std::string{"no address"} : std::string{name_of(ask_health(address))};
    all_serving = all_serving && state == name_of(health::serving);
    list.push_back({{"service", name}, {"state", state}, {"address", address}});
  }
  return list;
}

/// Null where nobody answers: an unknown picture is not an empty one.
json zones_in_alarm(instance_addresses const& where) {
  auto const address = where.get("zone_engine");
  if (address.empty()) return nullptr;
  auto const stub = alerts::v1::ZoneService::NewStub(internal_channel(address));
  grpc::ClientContext context;
  set_deadline(context, kCall);
  alerts::v1::ListZonesResponse answer;
  if (!stub->ListZones(&context, {}, &answer).ok()) return nullptr;
  auto list = json::array();
  for (auto const& one : answer.zones()) {
    auto const level = from_proto(one.alert().stage());
    if (!one.has_alert() || !level || *level == stage::all_clear) continue;
    list.push_back({{"zone", one.zone().zone_id()},
                    {"name", one.zone().name_en()},
                    {"stage", std::string{siren::name_of(*level)} + (one.alert().partly() ? " (partly)" : "")},
                    {"alert", one.alert().alert_id()}});
  }
  return list;
}

json delivery(instance_addresses const& where) {
  auto const address = where.internal_door("alert_gateway");
  if (address.empty()) return nullptr;
  auto const stub = alerts::v1::DeliveryService::NewStub(internal_channel(address));
  grpc::ClientContext context;
  set_deadline(context, kCall);
  alerts::v1::GetDeliveryResponse answer;
  if (!stub->GetDelivery(&context, {}, &answer).ok()) return nullptr;
  json one{{"gateway", address},
           {"phones", answer.phones()},
           {"covered_seq", answer.covered().seq()},
           {"head_seq", nullptr},
           {"bus_heard", answer.bus_heard()},
           {"picture", name_of(answer.picture())},
           {"alerts_sent", answer.alerts_sent()},
           {"guidance_sent", answer.guidance_sent()},
           {"plan_version", answer.plan_version()}};
  if (answer.has_head()) one["head_seq"] = answer.head().seq();
  return one;
}

json feeds(instance_addresses const& where) {
  auto const dsn = where.get("postgres");
  auto const country = where.get("country");
  if (dsn.empty() || country.empty()) return nullptr;
  pg_store store{dsn};
  auto const picture = make_pg_picture_log_reader(store, country)->read_state();
  if (!picture) return nullptr;
  auto list = json::array();
  for (auto const& feed : picture->feeds())
    list.push_back({{"source", feed.source()}, {"official", feed.official()}, {"alive", feed.alive()}});
  return list;
}

std::string text_of(json const& value) {
  if (value.is_null()) return "unknown";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void print_list(std::ostream& out, std::string const& title, json const& list, std::string const& none) {
  out << title << ": ";
  if (list.is_null()) {
    out << "UNKNOWN, nobody answers\n";
    return;
  }
  if (list.empty()) {
    out << none << '\n';
    return;
  }
  out << list.size() << '\n';
  std::vector<std::string> header;
  for (auto const& [key, value] : list[0].items()) header.push_back(key);
  text_table table{header};
  for (auto const& item : list) {
    std::vector<std::string> row;
    for (auto const& [key, value] : item.items()) row.push_back(text_of(value));
    table.add(std::move(row));
  }
  table.print(out);
}

}  // namespace

int run_status(terminal const& io, instance_addresses const& where, bool as_json) {
  auto const known = [&](char const* name) { return !where.internal_door(name).empty(); };
  if (std::none_of(kServices.begin(), kServices.end(), known))
    return io.wrong_use("needs the services' addresses, e.g. --instance FILE");
  auto all_serving = true;
  json all;
  all["services"] = service_states(where, all_serving);
  all["zones_in_alarm"] = zones_in_alarm(where);
  auto const one = delivery(where);
  all["delivery"] = one.is_null() ? one : json::array({one});
  all["feeds"] = feeds(where);
  if (as_json) {
    io.out << all.dump() << '\n';
  } else {
    print_list(io.out, "services", all["services"], "none");
    print_list(io.out, "zones in alarm", all["zones_in_alarm"], "none");
    print_list(io.out, "delivery", all["delivery"], "none");
    print_list(io.out, "feeds", all["feeds"], "none has spoken yet");
  }
  return all_serving ? 0 : io.fail(std::string{"not every service is serving"});
}

}  // namespace siren
