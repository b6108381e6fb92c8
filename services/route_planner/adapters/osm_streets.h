#pragma once

#include <array>
#include <string>

#include "core/route/street_graph_builder.h"

namespace siren {

/// What an import read, took and left out, and why.
struct street_import {
  street_graph streets;
  street_counts counts;
  std::uint64_t ways_read = 0;
  std::uint64_t bad_locations = 0;
  std::array<std::uint64_t, kFootRefusals> refused{};
};

/// Reads the foot streets of an OpenStreetMap extract (.osm.pbf, .osm, .osm.bz2). Two passes over the file: ways first,
/// so that only places that a street names are kept. `generated`: the streets are made up. Failure: FILE_UNREADABLE
/// (missing, no OSM file, cut off), NOT_READY (no foot street in it).
[[nodiscard]] result<street_import> import_osm_streets(std::string const& file, bool generated);

}  // namespace siren
