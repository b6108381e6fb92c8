#include "bundle_writer.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>

#include "common/city_bundle/csv.h"

namespace siren::city {
namespace {

using ordered = nlohmann::ordered_json;

/// Seven decimals (1 cm), as OpenStreetMap stores them.
std::string decimals(double degrees_value) {
  std::array<char, 32> text{};
  auto const length = std::snprintf(text.data(), text.size(), "%.7f", degrees_value);
  return std::string(text.data(), static_cast<std::size_t>(length));
}

char const* yes_no(bool value) {
  return value ? "yes" : "no";
}

ordered box_json(lat_lon_box const& box) {
  return {{"south", box.south_west.lat.value},
          {"west", box.south_west.lon.value},
          {"north", box.north_east.lat.value},
          {"east", box.north_east.lon.value}};
}

ordered ring_json(std::vector<lat_lon> const& ring) {
  auto list = ordered::array();
  for (auto const& at : ring) list.push_back(ordered::array({at.lon.value, at.lat.value}));
  if (!ring.empty()) list.push_back(list.front());
  return list;
}

std::string time_of_day(minutes at) {
  std::array<char, 8> text{};
  auto const whole = static_cast<int>(at.count());
  auto const length = std::snprintf(text.data(), text.size(), "%02d:%02d", whole / 60 % 24, whole % 60);
  return std::string(text.data(), static_cast<std::size_t>(length));
}

ordered line_json(metro_line const& l) {
  ordered line{{"id", l.id.value}, {"name_uk", l.name_uk}, {"name_en", l.name_en}};
  if (l.headway > seconds{0}) line["headway_s"] = l.headway.count();
  line["stops"] = ordered::array();
  auto runs = ordered::array();
  auto exposed = ordered::array();
  for (std::size_t i = 0; i < l.stops.size(); ++i) {
    line["stops"].push_back(l.stops[i].station.value);
    if (i + 1 == l.stops.size()) break;
    runs.push_back(l.stops[i].run.count());
    if (l.stops[i].exposed) exposed.push_back({l.stops[i].station.value, l.stops[i + 1].station.value});
  }
  if (!l.stops.empty()) line["runs_s"] = std::move(runs);
  if (!exposed.empty()) line["exposed"] = std::move(exposed);
  if (!l.alarm_runs) return line;
  line["alarm_runs"] = ordered::array();
  for (auto const& stretch : *l.alarm_runs) line["alarm_runs"].push_back({stretch.from.value, stretch.to.value});
  return line;
}

}  // namespace

result<void> write_file(std::filesystem::path const& file, std::string const& text) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) return failure{reason::file_unreadable, file.string() + " can't be written"};
  return {};
}

result<void> copy_over(std::filesystem::path const& from, std::filesystem::path const& to) {
  std::error_code bad;
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, bad);
  if (bad) return failure{reason::file_unreadable, from.string() + " can't be copied to " + to.string()};
  return {};
}

result<void> make_folder(std::filesystem::path const& folder) {
  std::error_code bad;
  std::filesystem::create_directories(folder, bad);
  if (bad) return failure{reason::file_unreadable, folder.string() + " can't be made"};
  return {};
}

std::string shelters_csv(std::vector<shelter> const& shelters) {
  std::string text{kShelterColumns};
  text += '\n';
  for (auto const& s : shelters) {
    if (s.type == shelter_type::metro_station) continue;
    text += csv_field(s.id.value) + ',' + std::string{name_of(s.type)} + ',' + csv_field(s.name_uk) + ',' +
            csv_field(s.name_en) + ',' + csv_field(s.address) + ',' + decimals(s.place.lat.value) + ',' +
            decimals(s.place.lon.value) + ',' + std::to_string(s.capacity) + ',' + yes_no(s.step_free) + ',' +
            yes_no(s.pets) + ',' + std::string{name_of(s.state)} + ',' +
            (s.verified_at ? format_utc(*s.verified_at) : std::string{}) + ',' + yes_no(s.generated) + '\n';
  }
  return text;
}

std::string city_json(city_info const& info) {
  ordered const city{{"format", kCityBundleFormat},
                     {"name_uk", info.name_uk},
                     {"name_en", info.name_en},
                     {"country", info.country},
                     {"city_zone", info.city_zone.value},
                     {"time_zone", info.time_zone},
                     {"generated", info.generated},
                     {"generated_label_uk", info.generated_label_uk},
                     {"generated_label_en", info.generated_label_en},
                     {"centre", {{"lat", info.centre.lat.value}, {"lon", info.centre.lon.value}}},
                     {"city_box", box_json(info.city_box)},
                     {"theatre_box", box_json(info.theatre_box)},
                     {"attribution", info.attribution}};
  return city.dump(2) + '\n';
}

std::string metro_json(metro_list const& metro) {
  ordered root{{"lines", ordered::array()}, {"stations", ordered::array()}};
  if (metro.network.hours) {
    root["hours"] = {{"first", time_of_day(metro.network.hours->first)},
                     {"last", time_of_day(metro.network.hours->last)}};
  }
  std::map<shelter_id, std::pair<std::string, std::size_t>> home;  // a station's first line, and where it stands there
  for (auto const& l : metro.network.lines) {
    root["lines"].push_back(line_json(l));
    for (std::size_t i = 0; i < l.stops.size(); ++i) home.try_emplace(l.stops[i].station, l.id.value, i + 1);
  }
  for (auto const& s : metro.stations) {
    auto const& [line, order] = home.at(s.id);
    ordered station{{"id", s.id.value},         {"name_uk", s.name_uk},
                    {"name_en", s.name_en},     {"line", line},
                    {"order", order},           {"lat", s.place.lat.value},
                    {"lon", s.place.lon.value}, {"surface", s.surface},
                    {"role", name_of(s.role)},  {"capacity", s.capacity},
                    {"pets", s.pets},           {"entrances", ordered::array()}};
    if (s.depth) station["depth_m"] = s.depth->value;
    for (auto const& e : s.entrances) {
      station["entrances"].push_back(
          {{"name", e.name}, {"lat", e.place.lat.value}, {"lon", e.place.lon.value}, {"step_free", e.step_free}});
    }
    root["stations"].push_back(std::move(station));
  }
  return root.dump(1) + '\n';
}

std::string zones_geojson(std::vector<zone> const& zones) {
  ordered root{{"type", "FeatureCollection"}, {"features", ordered::array()}};
  for (auto const& z : zones) {
    ordered properties{{"id", z.id.value}, {"kind", name_of(z.kind)}};
    if (z.parent) properties["parent"] = z.parent->value;
    properties["name_uk"] = z.name_uk;
    properties["name_en"] = z.name_en;
    auto shape = ordered::array();
    for (auto const& p : z.shape) {
      auto rings = ordered::array({ring_json(p.outer)});
      for (auto const& hole : p.holes) rings.push_back(ring_json(hole));
      shape.push_back(std::move(rings));
    }
    root["features"].push_back({{"type", "Feature"},
                                {"properties", std::move(properties)},
                                {"geometry", {{"type", "MultiPolygon"}, {"coordinates", std::move(shape)}}}});
  }
  return root.dump() + '\n';
}

std::string population_csv(std::vector<zone> const& zones) {
  std::string text{"zone_id,people\n"};
  for (auto const& z : zones) {
    if (z.population > 0) text += csv_field(z.id.value) + ',' + std::to_string(z.population) + '\n';
  }
  return text;
}

}  // namespace siren::city
