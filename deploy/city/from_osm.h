#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace siren::city {

/// csv: a shelters.csv, taken over as it is. romania: romania_shelters.h; shelters outside the streets are left out.
enum class shelter_format : std::uint8_t { csv = 1, romania = 2 };

struct from_osm_options {
  std::filesystem::path streets;  // .osm.pbf or .osm, any city
  std::filesystem::path out;
  std::string name;
  std::optional<std::filesystem::path> shelters;  // absent: only metro stations
  shelter_format format = shelter_format::csv;
  std::uint32_t people = 500'000;  // spread evenly over the zones
  std::string country = "XX";      // ISO 3166-1 leaves XX to users
  std::string time_zone = "UTC";
};

struct from_osm_report {
  std::size_t highways = 0;
  std::size_t entrances = 0;
  std::size_t stations = 0;
  std::size_t zones = 0;
  std::size_t shelters = 0;           // of a list of another format than csv: written,
  std::size_t shelters_outside = 0;   // left out for their place,
  std::size_t shelters_rejected = 0;  // and for what is wrong with them
};

/// Makes a bundle of an OpenStreetMap extract: streets as they are, underground stations with their entrances, and nine
/// zones, a grid over the streets. Where the extract tells its bounds they are the city's: long streets reach out of
/// it. Lines are unknown, so stations shelter only. Failure: file_unreadable, malformed (no OSM data, no streets, or
/// streets over more than 3 degrees), field_too_long (the name).
[[nodiscard]] result<from_osm_report> bundle_from_osm(from_osm_options const& options);

}  // namespace siren::city
