#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

#include "street_writer.h"

namespace siren::city {

struct generate_options {
  std::filesystem::path facts;
  std::filesystem::path out;
  std::uint64_t seed = 1;
  /// Of the streets' density and the number of shelters, 0.02 to 5; below 1 for quick tests.
  double scale = 1.0;
};

struct generate_report {
  street_counts streets;
  std::size_t shelters = 0;
  std::uint64_t places = 0;
  std::size_t stations = 0;
  std::size_t zones = 0;
};

/// Makes the bundle `out` from facts: streets and shelters by the seed, the rest as it stands in the facts. The same
/// facts, seed and scale give the same bytes. city.json is written last, so a bundle broken off is none.
[[nodiscard]] result<generate_report> generate(generate_options const& options, std::ostream& progress);

}  // namespace siren::city
