#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace siren {

/// The bundle's streets as vector tiles (Mapbox Vector Tile 2.1, layer "streets": class, name), made when asked for:
/// the page has no tile server. Immutable after reading, so any thread may ask.
class city_tiles {
 public:
  /// Rank of a street; a tile of a lower zoom shows the first ones only.
  enum class street_class : std::uint8_t { highway = 1, main = 2, through = 3, living = 4, service = 5, foot = 6 };
  static constexpr std::uint32_t kMostZoom = 14;  // the page magnifies these further

  /// Failure: FILE_UNREADABLE.
  [[nodiscard]] static result<city_tiles> read(std::string const& osm_file);
  /// Empty: nothing is there. Absent: no such tile. `path`: "14/9580/5522".
  [[nodiscard]] std::optional<std::string> tile(std::string const& path) const;

 private:
  struct point {
    std::uint32_t x;  // Web Mercator, the world is 2^32 wide
    std::uint32_t y;
  };
  struct street {
    street_class rank;
    std::uint32_t first_point;
    std::uint32_t points;
    std::uint32_t name;  // of names_; 0: none
    point least;
    point most;
  };
  friend class tile_reader;
  friend class tile_writer;
  std::vector<point> points_;
  std::vector<street> streets_;
  std::vector<std::string> names_{""};
};

}  // namespace siren
