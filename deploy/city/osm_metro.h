#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/city_bundle/bundle_files.h"

namespace siren::city {

/// A node of an extract that tells of an underground station.
struct osm_place {
  std::int64_t id = 0;
  std::string name_uk;  // both may be empty
  std::string name_en;
  lat_lon at;
  bool step_free = false;
  bool surface = false;
};

struct osm_metro_policy {
  meters station_reach{350.0};  // a station's platforms are up to 150 m long and its passages about as much again
  meters cluster_reach{220.0};  // entrances of a station that is not mapped, one from the next
};

/// Stations with their entrances. Each entrance goes to the nearest station in reach; those left over are gathered by
/// distance into stations named after an entrance. A station without entrances is left out: nobody could be sent to it.
/// All stand on one line without track, as shelter_only: an extract does not tell who is whose neighbour.
[[nodiscard]] metro_list metro_of(std::vector<osm_place> const& stations, std::vector<osm_place> const& entrances,
                                  osm_metro_policy const& policy = {});

}  // namespace siren::city
