#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/mode.h"
#include "core/base/time.h"
#include "core/zone/zone.h"

namespace siren::scenario {

/// One line of the timeline: its time and its words.
struct act {
  seconds at{};
  std::vector<std::string> words;
};

/// A scenario file, read. The format stands in README.md of this folder.
struct story {
  world where = world::live;
  double cell_m = 0.0;
  lat_lon north_west;
  std::vector<std::string> rows;
  std::vector<zone> zones;
  std::vector<zone> later_zones;  // after `rezone`
  std::vector<act> timeline;
  std::size_t most_updates = 1000;
  std::vector<std::string> expected;

  /// A place marked by a digit on the map.
  [[nodiscard]] lat_lon marked(std::string const& mark) const;
};

/// Throws std::runtime_error that names the line.
[[nodiscard]] story read(std::string const& path);
[[nodiscard]] seconds parse_offset(std::string const& text);

}  // namespace siren::scenario
