#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/city_bundle/city_bundle.h"

namespace siren::city {

/// csv: a shelters.csv, taken over as it is. romania: romania_shelters.h; shelters outside the streets are left out.
enum class shelter_format : std::uint8_t { csv = 1, romania = 2 };

struct from_osm_options {
  std::filesystem::path streets;  // .osm.pbf or .osm, any city
  std::filesystem::path out;
  std::string name;
  std::optional<std::filesystem::path> shelters;  // absent: only metro stations
  shelter_format format = shelter_format::csv;
  std::optional<std::filesystem::path> gtfs;  // folder of a GTFS feed; absent: no lines, stations shelter only
  std::uint32_t people = 500'000;             // spread evenly over the zones
  std::string country = "XX";                 // ISO 3166-1 leaves XX to users
  std::string time_zone = "UTC";
};

struct from_osm_report {
  std::size_t highways = 0;
  std::size_t entrances = 0;
  std::size_t stations = 0;
  std::size_t zones = 0;
  std::size_t lines = 0;               // of the feed
  std::size_t stations_unmatched = 0;  // of the feed, not on the map
  std::size_t feed_rejected = 0;
  std::vector<bundle_reject> feed_rejects;  // the first of them
  std::size_t shelters = 0;                 // of a list of another format than csv: written,
  std::size_t shelters_outside = 0;         // left out for their place,
  std::size_t shelters_rejected = 0;        // and for what is wrong with them
};

/// Makes a bundle of an OpenStreetMap extract: streets as they are, underground stations with their entrances, and nine
/// zones, a grid over the streets. Where the extract tells its bounds they are the city's: long streets reach out of
/// it. Lines, runs and hours come from a GTFS feed (none: stations shelter only); stations and links beside tracks that
/// the extract shows above ground are on the surface and exposed. Failure: file_unreadable, malformed (no OSM data, no
/// streets, or streets over more than 3 degrees), field_too_long (the name), and what the list of shelters or the feed
/// fails with.
[[nodiscard]] result<from_osm_report> bundle_from_osm(from_osm_options const& options);

}  // namespace siren::city
