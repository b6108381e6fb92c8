#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/city_bundle/city_bundle.h"

namespace siren {

/// What lines need to know of a station in metro.json.
struct listed_station {
  std::string line;
  std::uint32_t order = 0;
  bool surface = false;
  lat_lon place;
};
using listed_stations = std::map<shelter_id, listed_station>;

/// Stops of a line: those that its `stops` name, or else the stations that name the line, in order. A named stop that
/// is no station leaves a gap without track and is rejected.
void lay_stops(nlohmann::json const& item, listed_stations const& stations, bundle_policy const& policy,
               metro_line& line, std::vector<bundle_reject>& rejects);

/// When and where trains run on a line that has its stops. On failure (missing_field, malformed, count_out_of_range)
/// the line has no trains: half-known rules would send people to a train that does not come.
[[nodiscard]] result<void> add_trains(nlohmann::json const& item, metro_line& line);

/// From {first, last}, "HH:MM" each.
[[nodiscard]] result<metro_hours> hours_of(nlohmann::json const& item);

}  // namespace siren
