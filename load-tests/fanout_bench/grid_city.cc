#include "fanout_bench/grid_city.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace siren::fanout {
namespace {

constexpr std::size_t kColumns = 20;
constexpr double kSouth = 50.20;
constexpr double kWest = 30.30;
constexpr double kCell = 0.01;  // degrees: a kilometre or so
constexpr auto kRoot = "grid";

nlohmann::json square(double south, double west, double north, double east) {
  return {{"type", "Polygon"},
          {"coordinates", {{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}};
}

nlohmann::json feature(std::string const& id, char const* kind, nlohmann::json shape) {
  return {{"type", "Feature"},
          {"properties", {{"id", id}, {"kind", kind}, {"name_uk", "Зона " + id}, {"name_en", "Zone " + id}}},
          {"geometry", std::move(shape)}};
}

}  // namespace

std::string grid_zone_id(std::size_t number) {
  return fmt::format("zone-{:03}", number);
}

lat_lon grid_zone_centre(std::size_t number) {
  return {degrees{kSouth + kCell * (static_cast<double>(number / kColumns) + 0.5)},
          degrees{kWest + kCell * (static_cast<double>(number % kColumns) + 0.5)}};
}

result<void> write_grid_city(std::string const& folder, std::size_t zones) {
  auto const rows = (zones + kColumns - 1) / kColumns;
  auto const north = kSouth + kCell * static_cast<double>(rows);
  auto const east = kWest + kCell * static_cast<double>(kColumns);
  auto features = nlohmann::json::array({feature(kRoot, "city", square(kSouth, kWest, north, east))});
  for (std::size_t i = 0; i < zones; ++i) {
    auto const south = kSouth + kCell * static_cast<double>(i / kColumns);
    auto const west = kWest + kCell * static_cast<double>(i % kColumns);
    features.push_back(feature(grid_zone_id(i), "district", square(south, west, south + kCell, west + kCell)));
    features.back()["properties"]["parent"] = kRoot;
  }
  nlohmann::json const box{{"south", kSouth}, {"west", kWest}, {"north", north}, {"east", east}};
  nlohmann::json const city{{"format", "siren-city/1"},
                            {"name_uk", "Сітка"},
                            {"name_en", "Grid"},
                            {"country", "UA"},
                            {"city_zone", kRoot},
                            {"time_zone", "Europe/Kyiv"},
                            {"generated", true},
                            {"generated_label_uk", "Вигадане місто"},
                            {"generated_label_en", "A made-up city"},
                            {"centre", {{"lat", kSouth + kCell}, {"lon", kWest + kCell}}},
                            {"city_box", box},
                            {"theatre_box", box},
                            {"attribution", nlohmann::json::array({"Made up for a load test"})}};
  std::error_code bad;
  std::filesystem::create_directories(folder, bad);
  auto const put = [&](char const* name, std::string const& text) {
    std::ofstream out{folder + "/" + name};
    out << text;
    return out.good();
  };
  nlohmann::json const collection{{"type", "FeatureCollection"}, {"features", std::move(features)}};
  auto const good =
      put("city.json", city.dump()) && put("zones.geojson", collection.dump()) &&
      put("population.csv", "zone_id,people\n") && put("metro.json", R"({"lines":[],"stations":[]})") &&
      put("streets.osm.pbf", "") &&
      put("shelters.csv",
          "id,type,name_uk,name_en,address,lat,lon,capacity,step_free,pets,state,verified_at,generated\n");
  if (!good) return failure{reason::file_unreadable, "can't write a city to " + folder};
  return {};
}

}  // namespace siren::fanout
