#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/geo/position.h"
#include "core/zone/region_codes.h"
#include "core/zone/zone.h"

namespace siren {

struct cap_area_policy {
  meters first_tolerance{50.0};    // of simplified borders; doubles until the vertices fit. The width of a boulevard
  meters last_tolerance{3'200.0};  // then the border goes out as it is: rather long than wrong
  std::size_t most_vertices{400};  // of an area; gateways to phones and broadcasters are known to refuse long polygons
};

/// A zone as CAP's <area>: rings without holes (CAP has none), closed, in degrees. Their union is the zone, but for
/// the simplification: parts around a hole are cut in two through it.
struct cap_area {
  std::string name_uk;
  std::string name_en;
  std::vector<std::vector<lat_lon>> rings;  // first vertex = last, at least four, none crossing itself
  region_codes codes;
};

/// `zone.shape` as zone_map wants it. Codes not given are taken from the zone's id.
[[nodiscard]] cap_area cap_area_of(zone const& place, region_codes const& codes, cap_area_policy const& policy = {});

}  // namespace siren
