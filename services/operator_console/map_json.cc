#include "operator_console/map_json.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace siren {
namespace {

using json = nlohmann::json;

json ring(std::vector<lat_lon> const& vertices) {
  auto out = json::array();
  for (auto const& v : vertices) out.push_back({v.lon.value, v.lat.value});
  return out;
}

json zone_as_json(zone const& z) {
  auto rings = json::array();
  for (auto const& part : z.shape) rings.push_back(ring(part.outer));
  return {{"id", z.id.value},
          {"kind", name_of(z.kind)},
          {"parent", z.parent ? json(z.parent->value) : json(nullptr)},
          {"uk", z.name_uk},
          {"en", z.name_en},
          {"people", z.population},
          {"rings", std::move(rings)}};
}

}  // namespace

std::string map_as_json(city_bundle const& city) {
  json out;
  out["city"] = {{"uk", city.info.name_uk}, {"en", city.info.name_en}, {"zone", city.info.city_zone.value}};
  out["generated"] = city.info.generated;
  out["label"] = {{"uk", city.info.generated_label_uk}, {"en", city.info.generated_label_en}};
  out["attribution"] = city.info.attribution;
  out["centre"] = {city.info.centre.lon.value, city.info.centre.lat.value};
  out["zones"] = json::array();
  for (auto const& z : city.zones) out["zones"].push_back(zone_as_json(z));
  out["stations"] = json::array();
  for (auto const& one : city.shelters)
    if (one.type == shelter_type::metro_station)
      out["stations"].push_back({{"id", one.id.value},
                                 {"uk", one.name_uk},
                                 {"en", one.name_en},
                                 {"at", {one.place.lon.value, one.place.lat.value}},
                                 {"surface", one.surface}});
  out["lines"] = json::array();
  for (auto const& line : city.metro.lines) {
    auto stops = json::array();
    for (auto const& stop : line.stops)
      stops.push_back({{"station", stop.station.value}, {"joined", stop.run > seconds{0}}});
    out["lines"].push_back(
        {{"id", line.id.value}, {"uk", line.name_uk}, {"en", line.name_en}, {"stops", std::move(stops)}});
  }
  out["water"] = nullptr;
  if (city.water)
    if (std::ifstream in{*city.water}; in) out["water"] = json::parse(in, nullptr, false);
  return out.dump();
}

}  // namespace siren
