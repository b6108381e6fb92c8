#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/geo/position.h"
#include "core/route/metro.h"
#include "core/shelter/shelter.h"
#include "core/zone/region_codes.h"
#include "core/zone/zone.h"

namespace siren {

/// A city as files, described in deploy/city/README.md: generated for the demo, or made from real lists.
inline constexpr char kCityBundleFormat[] = "siren-city/1";

struct bundle_policy {
  std::size_t max_file_bytes = 64U << 20U;  // twenty times the files of a city of three million
  std::size_t max_zones = 20'000;           // Ukraine has 1,629 alarm regions; several such countries fit
  std::size_t max_vertices = 2'000'000;     // over all zones; 32 MB
  std::size_t max_stations = 2'000;         // the largest metro has under 500
  std::size_t max_entrances = 64;           // of one station; Kyiv's largest has 16
  std::uint32_t max_capacity = 100'000;     // the largest shelter in the Romanian list has 10,000 places
  std::uint32_t metro_capacity = 2'000;  // people an underground station, where metro.json gives none (Kyiv's figure)
  meters max_depth{500.0};               // the deepest station in the world lies at about 105 m
  meters deep_station{60.0};            // where metro.json tells only that a station is deep: Kyiv's lie at 20 to 105 m
  meters shallow_station{10.0};         // or shallow: Kyiv's lie within 10 m
  meters_per_second metro_speed{10.0};  // straight between stations, halts included, where no runs are told; Kyiv's
                                        // lines are timetabled at 36 to 40 km/h
};

struct city_info {
  std::string name_uk;
  std::string name_en;
  std::string country;  // ISO 3166-1 alpha-2
  zone_id city_zone;    // the zone that is the city
  std::string time_zone;
  bool generated = false;          // streets or shelters are made up; every screen shows the label
  std::string generated_label_uk;  // never empty when generated
  std::string generated_label_en;
  lat_lon centre;
  lat_lon_box city_box;     // shelters and stations lie inside
  lat_lon_box theatre_box;  // tracks outside are quarantined
  std::vector<std::string> attribution;
};

/// A row that was left out, and why. Rows of a .csv are numbered by line (header 1), features and stations by their
/// place in the list from 1, 0 is the file as such.
struct bundle_reject {
  std::string file;
  std::size_t row = 0;
  failure because;
};

struct city_bundle {
  std::filesystem::path folder;
  city_info info;
  std::vector<zone> zones;                     // parents before children; population filled in, 0 is unknown
  std::map<zone_id, region_codes> codes;       // what others call zones, beyond what their ids tell
  std::vector<shelter> shelters;               // of shelters.csv, then of metro.json
  metro_network metro;                         // its stations are shelters
  std::filesystem::path streets;               // streets.osm.pbf; read by the route planner
  std::optional<std::filesystem::path> water;  // for maps
  std::vector<bundle_reject> rejects;
};

/// Reads and checks a bundle. A bad row is left out and stands in `rejects`; nothing else is lost with it. Failure of
/// the whole: file_unreadable (a required file is missing), schema_mismatch (another format), message_too_large (a
/// limit of the policy), malformed or missing_field (city.json, or a file that is no JSON or has no usable header),
/// unknown_zone (the city's own zone is not among the zones).
[[nodiscard]] result<city_bundle> load_city_bundle(std::filesystem::path const& folder,
                                                   bundle_policy const& policy = {});

}  // namespace siren
