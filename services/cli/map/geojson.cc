#include <cmath>

#include <nlohmann/json.hpp>

#include "cli/map/drawing.h"

namespace siren {
namespace {

using nlohmann::json;

/// Six decimals are 11 cm; more only makes the file longer.
double rounded(degrees d) {
  return std::round(d.value * 1e6) / 1e6;
}

json point(lat_lon p) {
  return json::array({rounded(p.lon), rounded(p.lat)});
}

json line(std::vector<lat_lon> const& points) {
  auto all = json::array();
  for (auto const& p : points) all.push_back(point(p));
  return all;
}

json feature(json geometry, json properties) {
  return {{"type", "Feature"}, {"geometry", std::move(geometry)}, {"properties", std::move(properties)}};
}

json totals_of(drawn_totals const& t) {
  auto const of = [&](street_fate f) { return t.by_fate[static_cast<std::size_t>(f)]; };
  return {{"people", t.people},
          {"sheltered", of(street_fate::sheltered)},
          {"no_room", of(street_fate::no_room)},
          {"too_far", of(street_fate::too_far)},
          {"unreachable", of(street_fate::unreachable)},
          {"overload", t.overload},
          {"open_shelters", t.open_shelters},
          {"places", t.places},
          {"mean_walk_minutes", t.mean_walk_minutes}};
}

void add_streets(json& features, drawn_plan const& plan, std::string const& moment) {
  // One feature a catchment and one a fate: a file of single streets is too long for a browser.
  std::vector<json> catchments(plan.shelters.size(), json::array());
  std::array<json, kStreetFates> fates;
  fates.fill(json::array());
  for (auto const& s : plan.streets)
    (s.fate == street_fate::sheltered ? catchments[s.shelter] : fates[static_cast<std::size_t>(s.fate)])
        .push_back(line(s.line));
  for (std::size_t i = 0; i < catchments.size(); ++i) {
    if (catchments[i].empty()) continue;
    features.push_back(feature({{"type", "MultiLineString"}, {"coordinates", std::move(catchments[i])}},
                               {{"kind", "catchment"}, {"shelter", plan.shelters[i].id.value}, {"moment", moment}}));
  }
  for (std::size_t f = 0; f < kStreetFates; ++f) {
    if (fates[f].empty()) continue;
    features.push_back(
        feature({{"type", "MultiLineString"}, {"coordinates", std::move(fates[f])}},
                {{"kind", "streets"}, {"fate", name_of(static_cast<street_fate>(f))}, {"moment", moment}}));
  }
}

}  // namespace

std::string draw_geojson(drawn_city const& city) {
  auto features = json::array();
  json totals;
  for (std::size_t i = 0; i < city.plans.size(); ++i) {
    auto const& plan = city.plans[i];
    std::string const moment = i == 0 ? "before" : "after";
    add_streets(features, plan, moment);
    for (auto const& s : plan.shelters)
      features.push_back(feature({{"type", "Point"}, {"coordinates", point(s.place)}},
                                 {{"kind", "shelter"},
                                  {"id", s.id.value},
                                  {"type", name_of(s.type)},
                                  {"name_uk", s.name_uk},
                                  {"name_en", s.name_en},
                                  {"open", s.open},
                                  {"room", s.room},
                                  {"load", s.load},
                                  {"overload", s.load > s.room ? s.load - s.room : 0},
                                  {"generated", s.generated},
                                  {"moment", moment}}));
    for (auto const& r : plan.routes)
      features.push_back(feature({{"type", "LineString"}, {"coordinates", line(r.line)}},
                                 {{"kind", "route"},
                                  {"shelter", plan.shelters[r.shelter].id.value},
                                  {"minutes", std::round(r.minutes * 10.0) / 10.0},
                                  {"moment", moment}}));
    totals[moment] = totals_of(plan.totals);
  }
  json whole{{"type", "FeatureCollection"},     {"city_uk", city.name_uk},
             {"city_en", city.name_en},         {"totals", totals},
             {"attribution", city.attribution}, {"features", std::move(features)}};
  whole["generated"] = !city.generated_label_uk.empty();
  if (!city.generated_label_uk.empty())
    whole["label_uk"] = city.generated_label_uk, whole["label_en"] = city.generated_label_en;
  if (!city.deadline_en.empty()) whole["deadline"] = city.deadline_en;
  if (city.redirected) whole["redirected"] = *city.redirected;
  return whole.dump() + '\n';
}

}  // namespace siren
