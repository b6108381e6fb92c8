#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/city_bundle/bundle_files.h"
#include "core/geo/polygon.h"

namespace siren::city {

/// How a neighbourhood is built; the generator has a table of block sizes and courtyards for each.
enum class pattern : std::uint8_t { old, blocks, estate, houses, industry, park };

/// A part of the city around a middle; between neighbours, each spot belongs to the one that is nearer in radii.
struct neighbourhood {
  std::string id;
  std::string name_uk;
  std::string name_en;
  lat_lon middle;
  meters radius;
  pattern built = pattern::blocks;
  probability slope;  // share of the footways that are stairs
};

struct district_plan {
  std::size_t zone = 0;  // position in city_facts::zones
  std::uint32_t shelters = 0;
  probability bare;              // share of the ground without any shelter near
  double places_per_person = 0;  // over the whole district
};

/// A way across water. Its points stand on dry ground, banks and islands; the stretches over water are bridges, the
/// others roads on an island.
struct bridge {
  std::string name_uk;
  std::string name_en;
  std::vector<lat_lon> points;
  bool on_foot_only = false;
};

/// What is known of a city before its streets and shelters are made up (deploy/city/README.md, "facts").
struct city_facts {
  std::filesystem::path folder;
  city_info info;
  std::vector<zone> zones;
  metro_list metro;
  std::vector<polygon> water;
  std::vector<bridge> bridges;
  std::vector<neighbourhood> neighbourhoods;
  std::vector<district_plan> districts;
};

/// Facts are our own files: one bad row fails the whole, with file, row and reason in the message.
[[nodiscard]] result<city_facts> read_facts(std::filesystem::path const& folder);

}  // namespace siren::city
