#include "from_osm.h"

#include <algorithm>
#include <array>
#include <exception>
#include <osmium/handler.hpp>
#include <osmium/handler/node_locations_for_ways.hpp>
#include <osmium/index/map/flex_mem.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/pbf_output.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/io/writer.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/osm/box.hpp>
#include <osmium/visitor.hpp>

#include "bundle_writer.h"
#include "gtfs_metro.h"
#include "osm_metro.h"
#include "osm_tracks.h"
#include "romania_shelters.h"

namespace siren::city {
namespace {

constexpr double kWidest = 3.0;         // degrees; beyond this it is a country, not a city
constexpr double kTheatreMargin = 6.0;  // degrees around the city: what a cruise missile flies in an hour
constexpr double kBoxMargin = 0.005;    // degrees: stations may stand at the edge of the streets
constexpr std::size_t kLongestName = 128;

using location_index = osmium::index::map::FlexMem<osmium::unsigned_object_id_type, osmium::Location>;

class scan : public osmium::handler::Handler {
 public:
  void node(osmium::Node const& node) {
    auto const* const railway = node.tags()["railway"];
    if (railway == nullptr || !node.location().valid()) return;
    std::string_view const kind{railway};
    if (kind == "subway_entrance") {
      entrances.push_back(place_of(node));
    } else if (kind == "station" &&
               (node.tags().has_tag("station", "subway") || node.tags().has_tag("subway", "yes"))) {
      stations.push_back(place_of(node));
    }
  }
  void way(osmium::Way const& way) {
    if (way.tags().has_tag("railway", "subway") && !way.tags().has_key("service")) add_track(way);
    if (!way.tags().has_key("highway")) return;
    ++highways;
    for (auto const& node : way.nodes()) {
      if (node.location().valid()) box.extend(node.location());
    }
  }

  std::vector<osm_place> stations;
  std::vector<osm_place> entrances;
  std::vector<track_piece> tracks;
  osmium::Box box;
  std::size_t highways = 0;

 private:
  /// Yards and sidings (`service`) stay away: no passenger sees them.
  void add_track(osmium::Way const& way) {
    auto const& tags = way.tags();
    auto const told = [&](char const* key) {
      auto const* const value = tags[key];
      return value != nullptr && std::string_view{value} != "no";
    };
    auto const* const layer = tags["layer"];
    bool const below = told("tunnel") || told("covered") || tags.has_tag("location", "underground") ||
                       (layer != nullptr && *layer == '-');
    osmium::Location last;
    for (auto const& node : way.nodes()) {
      auto const here = node.location();
      if (!here.valid()) continue;
      if (last.valid())
        tracks.push_back({{degrees{(last.lat() + here.lat()) / 2.0}, degrees{(last.lon() + here.lon()) / 2.0}},
                          told("bridge") || !below});
      last = here;
    }
  }
  static std::string text_of(osmium::TagList const& tags, std::initializer_list<char const*> keys) {
    for (auto const* const key : keys) {
      auto const* const value = tags[key];
      if (value != nullptr && *value != '\0' && std::string_view{value}.size() <= kLongestName) return value;
    }
    return {};
  }
  static osm_place place_of(osmium::Node const& node) {
    auto const& tags = node.tags();
    return {node.id(),
            text_of(tags, {"name:uk", "name"}),
            text_of(tags, {"name:en", "name"}),
            {degrees{node.location().lat()}, degrees{node.location().lon()}},
            tags.has_tag("wheelchair", "yes"),
            tags.has_tag("location", "surface") || tags.has_tag("location", "overground")};
  }
};

struct wind {
  char const* uk;
  char const* en;
};
constexpr std::array<wind, 9> kWinds{{{"південний захід", "south-west"},
                                      {"південь", "south"},
                                      {"південний схід", "south-east"},
                                      {"захід", "west"},
                                      {"середина", "middle"},
                                      {"схід", "east"},
                                      {"північний захід", "north-west"},
                                      {"північ", "north"},
                                      {"північний схід", "north-east"}}};

std::vector<lat_lon> rectangle(degrees south, degrees west, degrees north, degrees east) {
  return {{south, west}, {south, east}, {north, east}, {north, west}};
}

/// The city and a grid of three by three, whose edges share vertices with the city's outline.
std::vector<zone> grid_of(lat_lon_box const& box, std::string const& name, std::uint32_t people) {
  std::array<degrees, 4> lat;
  std::array<degrees, 4> lon;
  for (std::size_t i = 0; i < 4; ++i) {
    double const share = static_cast<double>(i) / 3.0;
    lat[i] = box.south_west.lat + (box.north_east.lat - box.south_west.lat) * share;
    lon[i] = box.south_west.lon + (box.north_east.lon - box.south_west.lon) * share;
  }
  std::vector<zone> zones;
  zones.push_back({zone_id{"city"},
                   zone_kind::city,
                   std::nullopt,
                   name,
                   name,
                   people,
                   {{rectangle(lat[0], lon[0], lat[3], lon[3]), {}}}});
  for (std::size_t i = 0; i < kWinds.size(); ++i) {
    auto const row = i / 3;
    auto const column = i % 3;
    auto const share = people / 9 + (i < people % 9 ? 1 : 0);
    zones.push_back({zone_id{std::string{"city-"} + kWinds[i].en},
                     zone_kind::district,
                     zone_id{"city"},
                     name + ", " + kWinds[i].uk,
                     name + ", " + kWinds[i].en,
                     share,
                     {{rectangle(lat[row], lon[column], lat[row + 1], lon[column + 1]), {}}}});
  }
  return zones;
}

city_info info_of(from_osm_options const& options, lat_lon_box const& box) {
  city_info info;
  info.name_uk = info.name_en = options.name;
  info.country = options.country;
  info.city_zone = zone_id{"city"};
  info.time_zone = options.time_zone;
  info.centre = {(box.south_west.lat + box.north_east.lat) / 2.0, (box.south_west.lon + box.north_east.lon) / 2.0};
  info.city_box = box;
  auto const clamped = [](degrees d, double most) { return degrees{std::clamp(d.value, -most, most)}; };
  degrees const margin{kTheatreMargin};
  info.theatre_box = {{clamped(box.south_west.lat - margin, 90.0), clamped(box.south_west.lon - margin, 180.0)},
                      {clamped(box.north_east.lat + margin, 90.0), clamped(box.north_east.lon + margin, 180.0)}};
  info.attribution = {"Streets and stations: © OpenStreetMap contributors, ODbL"};
  if (options.format == shelter_format::romania)
    info.attribution.emplace_back("Shelters: Inspectoratul General pentru Situații de Urgență (Romania)");
  return info;
}

/// The part of `box` inside `told`; `box` when they are apart.
osmium::Box within(osmium::Box const& box, osmium::Box const& told) {
  auto const west = std::max(box.bottom_left().lon(), told.bottom_left().lon());
  auto const south = std::max(box.bottom_left().lat(), told.bottom_left().lat());
  auto const east = std::min(box.top_right().lon(), told.top_right().lon());
  auto const north = std::min(box.top_right().lat(), told.top_right().lat());
  return west < east && south < north ? osmium::Box{west, south, east, north} : box;
}

/// Throws what libosmium throws.
scan scan_of(std::filesystem::path const& file) {
  location_index index;
  osmium::handler::NodeLocationsForWays<location_index> locations{index};
  locations.ignore_errors();
  scan found;
  osmium::io::Reader reader{file.string(), osmium::osm_entity_bits::node | osmium::osm_entity_bits::way};
  auto const told = reader.header().box();
  osmium::apply(reader, locations, found);
  reader.close();
  if (told.valid() && found.box.valid()) found.box = within(found.box, told);
  return found;
}

void write_as_pbf(std::filesystem::path const& from, std::filesystem::path const& to) {
  osmium::io::Reader reader{from.string()};
  osmium::io::Header header;
  header.set("generator", "siren_city");
  osmium::io::Writer writer{osmium::io::File{to.string(), "pbf,add_metadata=none"}, header,
                            osmium::io::overwrite::allow};
  while (auto buffer = reader.read()) writer(std::move(buffer));
  writer.close();
  reader.close();
}

result<void> write_shelters(from_osm_options const& options, lat_lon_box const& box, from_osm_report& report) {
  auto const file = options.out / "shelters.csv";
  if (!options.shelters) return write_file(file, shelters_csv({}));
  if (options.format == shelter_format::csv) return copy_over(*options.shelters, file);
  auto const text = read_whole_file(*options.shelters, bundle_policy{}.max_file_bytes);
  if (!text) return text.error();
  auto const list = parse_romanian_shelters(*text, box);
  if (!list) return failure{list.error().why, options.shelters->string() + ": " + list.error().message};
  report.shelters = list->shelters.size();
  report.shelters_outside = list->outside;
  report.shelters_rejected = list->rejects.size();
  return write_file(file, shelters_csv(list->shelters));
}

result<void> write_parts(from_osm_options const& options, lat_lon_box const& box, metro_list const& metro,
                         std::vector<zone> const& zones, from_osm_report& report) {
  auto const& out = options.out;
  if (auto const r = write_shelters(options, box, report); !r) return r;
  if (auto const r = write_file(out / "metro.json", metro_json(metro)); !r) return r;
  if (auto const r = write_file(out / "zones.geojson", zones_geojson(zones)); !r) return r;
  if (auto const r = write_file(out / "population.csv", population_csv(zones)); !r) return r;
  return write_file(out / "city.json", city_json(info_of(options, box)));
}

/// Reads the extract and copies it into the bundle.
result<scan> take_streets(from_osm_options const& options) {
  try {
    auto found = scan_of(options.streets);
    auto const streets = options.out / "streets.osm.pbf";
    if (options.streets.extension() == ".pbf") {
      if (auto const copied = copy_over(options.streets, streets); !copied) return copied.error();
    } else {
      write_as_pbf(options.streets, streets);
    }
    if (found.highways == 0 || !found.box.valid()) return failure{reason::malformed, "no streets in the extract"};
    return found;
  } catch (std::exception const& bad) {
    return failure{reason::malformed, options.streets.string() + " is not OpenStreetMap data: " + bad.what()};
  }
}

result<lat_lon_box> city_box(osmium::Box const& streets) {
  auto const south_west = streets.bottom_left();
  auto const north_east = streets.top_right();
  if (north_east.lat() - south_west.lat() > kWidest || north_east.lon() - south_west.lon() > kWidest)
    return failure{reason::malformed, "the streets spread over more than a city"};
  return lat_lon_box{{degrees{south_west.lat() - kBoxMargin}, degrees{south_west.lon() - kBoxMargin}},
                     {degrees{north_east.lat() + kBoxMargin}, degrees{north_east.lon() + kBoxMargin}}};
}

result<metro_list> metro_from(scan const& found, from_osm_options const& options, from_osm_report& report) {
  auto metro = metro_of(found.stations, found.entrances);
  mark_surface_stations(metro, found.tracks);
  if (!options.gtfs) return metro;
  auto feed = read_gtfs(*options.gtfs);
  if (!feed) return failure{feed.error().why, options.gtfs->string() + ": " + feed.error().message};
  auto match = match_lines(std::move(metro), *feed);
  mark_exposed_links(match.metro, found.tracks);
  report.lines = match.lines;
  report.stations_unmatched = match.unmatched;
  report.feed_rejected = feed->rejected;
  report.feed_rejects = std::move(feed->rejects);
  return std::move(match.metro);
}

}  // namespace

result<from_osm_report> bundle_from_osm(from_osm_options const& options) {
  if (options.name.empty() || options.name.size() > kLongestName) {
    return failure{reason::field_too_long, "a name has 1 to 128 bytes"};
  }
  if (auto const made = make_folder(options.out); !made) return made.error();
  std::error_code ignored;
  std::filesystem::remove(options.out / "city.json", ignored);
  auto found = take_streets(options);
  if (!found) return found.error();
  auto const box = city_box(found->box);
  if (!box) return box.error();
  auto const outside = [&](osm_place const& p) { return !box->contains(p.at); };
  std::erase_if(found->entrances, outside);
  std::erase_if(found->stations, outside);
  from_osm_report report;
  auto const metro = metro_from(*found, options, report);
  if (!metro) return metro.error();
  auto const zones = grid_of(*box, options.name, options.people);
  report.highways = found->highways;
  report.entrances = found->entrances.size();
  report.stations = metro->stations.size();
  report.zones = zones.size();
  if (auto const written = write_parts(options, *box, *metro, zones, report); !written) return written.error();
  return report;
}

}  // namespace siren::city
