#pragma once

#include <array>
#include <functional>
#include <string>

#include "core/route/street_graph_builder.h"

namespace siren {

/// What an import read, took and left out, and why.
struct street_import {
  street_graph streets;
  street_counts counts;
  std::uint64_t ways_read = 0;
  std::uint64_t bad_locations = 0;
  std::array<std::uint64_t, kFootRefusals> refused{};          // ways, by reason
  std::array<std::uint64_t, kFootRefusals> barriers_closed{};  // gates and lifts on ways, by reason
};

/// Bytes read so far and in all; the file is read twice, so `all` is twice its size.
using import_progress = std::function<void(std::uint64_t read, std::uint64_t all)>;

/// Reads the foot streets of an OpenStreetMap extract (.osm.pbf, .osm, .osm.bz2). Two passes over the file: ways first,
/// so that only places that a street names are kept. `generated`: the streets are made up. `progress` is called on this
/// thread after every block and at the end. Failure: FILE_UNREADABLE
/// (missing, no OSM file, cut off), NOT_READY (no foot street in it).
[[nodiscard]] result<street_import> import_osm_streets(std::string const& file, bool generated,
                                                       import_progress const& progress = {});

}  // namespace siren
