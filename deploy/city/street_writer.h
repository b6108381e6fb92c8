#pragma once

#include <filesystem>

#include "facts.h"
#include "random_stream.h"
#include "street_network.h"

namespace siren::city {

struct street_counts {
  std::size_t nodes = 0;
  std::size_t ways = 0;
  std::size_t named_ways = 0;
  std::size_t stairs = 0;
  std::size_t bridges = 0;
  double length_km = 0.0;
};

/// Writes the living network as OpenStreetMap data: ids from 1, highway, name, name:en, lit, bridge and layer tags,
/// every way marked source=generated. Failure: file_unreadable when the file can't be written.
[[nodiscard]] result<street_counts> write_streets(city_facts const& facts, plane const& ground, random_stream& random,
                                                  street_network const& net, std::filesystem::path const& file);

}  // namespace siren::city
