#include "common/city_bundle/city_bundle.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "common/city_bundle/bundle_files.h"

namespace siren {
namespace {

bool is_file(std::filesystem::path const& file) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(file, ignored);
}

/// Shelters and stations share one space of ids; of two the station stays out.
void take_stations(metro_list metro, city_bundle& bundle) {
  std::set<shelter_id> seen;
  for (auto const& s : bundle.shelters) seen.insert(s.id);
  for (std::size_t i = 0; i < metro.stations.size(); ++i) {
    if (seen.contains(metro.stations[i].id)) {
      bundle.rejects.push_back({"metro.json",
                                metro.rows[i],
                                {reason::duplicate, "id " + metro.stations[i].id.value + " is also in shelters.csv"}});
      continue;
    }
    bundle.shelters.push_back(std::move(metro.stations[i]));
  }
  bundle.metro = std::move(metro.network);
}

}  // namespace

result<std::string> read_whole_file(std::filesystem::path const& file, std::size_t max_bytes) {
  std::error_code bad;
  auto const bytes = std::filesystem::file_size(file, bad);
  if (bad || !is_file(file)) return failure{reason::file_unreadable, file.string() + " can't be read"};
  if (bytes > max_bytes) {
    return failure{reason::message_too_large, file.string() + " has more than " + std::to_string(max_bytes) + " bytes"};
  }
  std::ifstream in{file, std::ios::binary};
  std::string text(static_cast<std::size_t>(bytes), '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(text.size())) && !text.empty()) {
    return failure{reason::file_unreadable, file.string() + " can't be read"};
  }
  return text;
}

result<city_bundle> load_city_bundle(std::filesystem::path const& folder, bundle_policy const& policy) {
  city_bundle bundle;
  bundle.folder = folder;
  auto info = read_city_info(folder / "city.json", policy);
  if (!info) return info.error();
  bundle.info = std::move(*info);
  bundle.streets = folder / "streets.osm.pbf";
  if (!is_file(bundle.streets)) return failure{reason::file_unreadable, bundle.streets.string() + " is not there"};
  if (is_file(folder / "water.geojson")) bundle.water = folder / "water.geojson";

  auto zones = read_zones(folder / "zones.geojson", policy, bundle.rejects);
  if (!zones) return zones.error();
  bundle.zones = std::move(*zones);
  auto const is_city = [&](zone const& z) { return z.id == bundle.info.city_zone; };
  if (std::none_of(bundle.zones.begin(), bundle.zones.end(), is_city)) {
    return failure{reason::unknown_zone, "the city's zone " + bundle.info.city_zone.value + " is not in zones.geojson"};
  }
  if (auto const read = read_population(folder / "population.csv", policy, bundle.zones, bundle.rejects); !read) {
    return read.error();
  }
  if (is_file(folder / "region_codes.csv")) {
    auto codes = read_region_codes(folder / "region_codes.csv", policy, bundle.zones, bundle.rejects);
    if (!codes) return codes.error();
    bundle.codes = std::move(*codes);
  }
  auto shelters = read_shelters(folder / "shelters.csv", policy, bundle.info.city_box, bundle.rejects);
  if (!shelters) return shelters.error();
  bundle.shelters = std::move(*shelters);
  auto metro = read_metro(folder / "metro.json", policy, bundle.info.city_box, bundle.rejects);
  if (!metro) return metro.error();
  take_stations(std::move(*metro), bundle);
  return bundle;
}

}  // namespace siren
