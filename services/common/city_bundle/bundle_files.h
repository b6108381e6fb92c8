#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/city_bundle/city_bundle.h"

namespace siren {

/// The parts of load_city_bundle, one per file; a program that makes bundles reads its facts through them. Each fails
/// as the whole does and appends rejected rows.

[[nodiscard]] result<std::string> read_whole_file(std::filesystem::path const& file, std::size_t max_bytes);

[[nodiscard]] result<city_info> read_city_info(std::filesystem::path const& file, bundle_policy const& policy);

[[nodiscard]] result<std::vector<zone>> read_zones(std::filesystem::path const& file, bundle_policy const& policy,
                                                   std::vector<bundle_reject>& rejects);

/// Fills in the population of zones already read.
[[nodiscard]] result<void> read_population(std::filesystem::path const& file, bundle_policy const& policy,
                                           std::vector<zone>& zones, std::vector<bundle_reject>& rejects);

/// region_codes.csv. Codes of zones that are not there are rejected.
[[nodiscard]] result<std::map<zone_id, region_codes>> read_region_codes(std::filesystem::path const& file,
                                                                        bundle_policy const& policy,
                                                                        std::vector<zone> const& zones,
                                                                        std::vector<bundle_reject>& rejects);

[[nodiscard]] result<std::vector<shelter>> read_shelters(std::filesystem::path const& file, bundle_policy const& policy,
                                                         lat_lon_box const& box, std::vector<bundle_reject>& rejects);

/// metro.json. What is wrong with a line's trains (rejected with row 0) costs the line its trains, never its stations.
struct metro_list {
  metro_network network;
  std::vector<shelter> stations;
  std::vector<std::size_t> rows;  // where each stood in the list, from 1
};
[[nodiscard]] result<metro_list> read_metro(std::filesystem::path const& file, bundle_policy const& policy,
                                            lat_lon_box const& box, std::vector<bundle_reject>& rejects);

/// Header of shelters.csv, in this order.
inline constexpr std::string_view kShelterColumns =
    "id,type,name_uk,name_en,address,lat,lon,capacity,step_free,pets,state,verified_at,generated";

}  // namespace siren
