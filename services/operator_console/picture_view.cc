#include "operator_console/picture_view.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "common/convert/base_convert.h"
#include "common/convert/threat_convert.h"
#include "siren/alerts/v1/alert.pb.h"

namespace siren {
namespace {

using json = nlohmann::json;

/// A class of a newer release is shown as unknown.
std::string_view class_name(threats::v1::ThreatClass of) {
  auto const index = static_cast<std::size_t>(of);
  return name_of(index < kThreatClasses ? static_cast<threat_class>(index) : threat_class::unknown);
}

json track_as_json(threats::v1::Track const& track, utc_time now) {
  auto const age = std::chrono::duration_cast<seconds>(now - utc_from_proto(track.updated_time())).count();
  return {
      {"id", track.track_id()},
      {"kind", class_name(track.threat_class())},
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

/// Stage 0: a zone in alarm whose alert can't be read; the page shows it as unknown, never as calm.
json alert_as_json(alert_entry const& entry) {
  if (alerts::v1::Alert alert; alert.ParseFromString(entry.bytes)) return alert_as_json(alert);
  return {{"zone", entry.zone.value},
          {"stage", 0},
          {"partly", false},
          {"headline_uk", ""},
          {"headline_en", ""},
          {"body_uk", ""},
          {"body_en", ""},
          {"rev", entry.rev},
          {"trace", ""}};
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

void tell_picture(picture_log_reader& picture, utc_time now, json& out) {
  auto const state = picture.read_state();
  if (!state) {
    out["tracks"] = out["feeds"] = trouble(state.error());
    return;
  }
  out["tracks"] = json::array();
  for (auto const& track : state->tracks()) out["tracks"].push_back(track_as_json(track, now));
  out["feeds"] = json::array();
  for (auto const& feed : state->feeds())
    out["feeds"].push_back({{"source", feed.source()}, {"official", feed.official()}, {"alive", feed.alive()}});
}

void tell_alerts(alert_log_reader& alerts, json& out) {
  auto const log = alerts.read_state();
  if (!log) {
    out["alerts"] = trouble(log.error());
    return;
  }
  out["log_seq"] = log->at.seq;
  out["alerts"] = json::array();
  for (auto const& entry : log->newest_by_zone)
    if (!entry.ended) out["alerts"].push_back(alert_as_json(entry));
}

picture_state judged(result<alert_head> const& head, milliseconds engine_silent_after) {
  if (!head || !head->engine_silence || *head->engine_silence > engine_silent_after) return picture_state::lost;
  return head->picture;
}

json delivery_as_json(result<alerts::v1::GetDeliveryResponse> const& delivery) {
  if (!delivery) return trouble(delivery.error());
  return {{"phones", delivery->phones()},
          {"alerts_sent", delivery->alerts_sent()},
          {"guidance_sent", delivery->guidance_sent()},
          {"covered", delivery->covered().seq()},
          {"bus_heard", delivery->bus_heard()},
          {"plan", delivery->plan_version()}};
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
  return steady_now() - begun_ > parts_.fresh_for ? nullptr : newest_;
}

void picture_view::run() {
  while (true) {
    auto const begun = steady_now();
    auto made = std::make_shared<std::string const>(look());
    std::unique_lock lock{mutex_};
    newest_ = std::move(made);
    begun_ = begun;
    if (wake_.wait_for(lock, parts_.every, [this] { return stopping_; })) return;
  }
}

std::string picture_view::look() {
  json out;
  auto const now = parts_.clock.now();
  out["now"] = format_utc(now);
  tell_picture(parts_.picture, now, out);
  tell_alerts(parts_.alerts, out);
  out["picture"] = static_cast<int>(judged(parts_.alerts.head(), parts_.engine_silent_after));
  out["delivery"] = delivery_as_json(parts_.delivery.now());
  auto const shelters = parts_.shelters.now();
  out["shelters"] = shelters ? shelters_as_json(**shelters) : trouble(shelters.error());
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace siren
