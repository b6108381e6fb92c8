#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/city_bundle/bundle_files.h"

namespace siren::city {

/// Replaces a file. Failure: file_unreadable.
[[nodiscard]] result<void> write_file(std::filesystem::path const& file, std::string const& text);
[[nodiscard]] result<void> copy_over(std::filesystem::path const& from, std::filesystem::path const& to);
[[nodiscard]] result<void> make_folder(std::filesystem::path const& folder);

/// The text of shelters.csv; metro stations among the shelters are left to metro.json.
[[nodiscard]] std::string shelters_csv(std::vector<shelter> const& shelters);
/// The texts of the other files that a real city's bundle is made of.
[[nodiscard]] std::string city_json(city_info const& info);
[[nodiscard]] std::string metro_json(metro_list const& metro);
[[nodiscard]] std::string zones_geojson(std::vector<zone> const& zones);
[[nodiscard]] std::string population_csv(std::vector<zone> const& zones);

}  // namespace siren::city
