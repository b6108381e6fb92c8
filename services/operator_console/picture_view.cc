#include "operator_console/picture_view.h"

#include <nlohmann/json.hpp>

#include "common/convert/base_convert.h"
#include "common/convert/threat_convert.h"
#include "siren/alerts/v1/alert.pb.h"

namespace siren {
namespace {

using json = nlohmann::json;

json track_as_json(threats::v1::Track const& track, utc_time now) {
  auto const age = std::chrono::duration_cast<seconds>(now - utc_from_proto(track.updated_time())).count();
  return {
      {"id", track.track_id()},
      {"kind", name_of(static_cast<threat_class>(track.threat_class()))},
      {"count", track.count()},
      {"confirmed", track.confirmed()},
      {"at", {track.position().longitude_deg(), track.position().latitude_deg()}},
      {"east_mps", track.velocity().east_mps()},
      {"north_mps", track.velocity().north_mps()},
      {"sigma_m", track.covariance_size() == 16 ? std::sqrt(std::max(track.covariance(0), track.covariance(5))) : 0.0},
      {"age_s", age}};
}

json alert_as_json(alerts::v1::Alert const& alert) {
  return {{"zone", alert.zone_id()},
          {"stage", alert.stage()},
          {"partly", alert.partly()},
          {"headline_uk", alert.headline_uk()},
          {"headline_en", alert.headline_en()},
          {"body_uk", alert.body_uk()},
          {"body_en", alert.body_en()},
          {"rev", alert.rev()},
          {"trace", alert.trace_id()}};
}

json shelters_as_json(std::map<shelter_id, shelter> const& all) {
  auto out = json::array();
  for (auto const& [id, one] : all)
    out.push_back({one.place.lon.value, one.place.lat.value, takes_people(one) ? 1 : 0, one.capacity, one.occupancy,
                   one.type == shelter_type::metro_station ? 1 : 0});
  return out;
}

json trouble(failure const& bad) {
  return {{"trouble", bad.message}};
}

}  // namespace

picture_view::picture_view(parts from) : parts_{from} {
  thread_ = std::thread{[this] { run(); }};
}

picture_view::~picture_view() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::shared_ptr<std::string const> picture_view::newest() const {
  std::lock_guard const lock{mutex_};
  return newest_;
}

void picture_view::run() {
  while (true) {
    auto made = std::make_shared<std::string const>(look());
    std::unique_lock lock{mutex_};
    newest_ = std::move(made);
    if (wake_.wait_for(lock, parts_.every, [this] { return stopping_; })) return;
  }
}

std::string picture_view::look() {
  json out;
  auto const now = parts_.clock.now();
  out["now"] = format_utc(now);
  if (auto const picture = parts_.picture.read_state()) {
    out["tracks"] = json::array();
    for (auto const& track : picture->tracks()) out["tracks"].push_back(track_as_json(track, now));
    out["feeds"] = json::array();
    for (auto const& feed : picture->feeds())
      out["feeds"].push_back({{"source", feed.source()}, {"official", feed.official()}, {"alive", feed.alive()}});
  } else {
    out["tracks"] = trouble(picture.error());
  }
  if (auto const log = parts_.alerts.read_state()) {
    out["alerts"] = json::array();
    out["log_seq"] = log->at.seq;
    for (auto const& entry : log->newest_by_zone)
      if (alerts::v1::Alert alert; !entry.ended && alert.ParseFromString(entry.bytes))
        out["alerts"].push_back(alert_as_json(alert));
  } else {
    out["alerts"] = trouble(log.error());
  }
  if (auto const head = parts_.alerts.head()) {
    constexpr milliseconds kSilent{5'000};  // as gateways judge: an engine silent for longer shows nothing current
    auto const dead = !head->engine_silence || *head->engine_silence > kSilent;
    out["picture"] = dead ? static_cast<int>(picture_state::lost) : static_cast<int>(head->picture);
  } else {
    out["picture"] = static_cast<int>(picture_state::lost);
  }
  if (auto const delivery = parts_.delivery.now())
    out["delivery"] = {{"phones", delivery->phones()},
                       {"alerts_sent", delivery->alerts_sent()},
                       {"guidance_sent", delivery->guidance_sent()},
                       {"covered", delivery->covered().seq()},
                       {"bus_heard", delivery->bus_heard()},
                       {"plan", delivery->plan_version()}};
  else
    out["delivery"] = trouble(delivery.error());
  if (auto const shelters = parts_.shelters.now())
    out["shelters"] = shelters_as_json(**shelters);
  else
    out["shelters"] = trouble(shelters.error());
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace siren
