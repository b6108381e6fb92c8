#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/city_bundle/city_bundle.h"

namespace siren::city {

struct listed_shelters {
  std::vector<shelter> shelters;
  std::size_t listed = 0;              // records in the list
  std::size_t outside = 0;             // good records outside the box
  std::vector<bundle_reject> rejects;  // row: place in the list from 1, over all counties; no file
};

/// The Romanian inspectorate's list of civil protection shelters as JSON: counties {id, items}, an item {id, town,
/// address, lat, lon, capacity, status}. Status green (works) and orange (works in part) are open, red is closed,
/// anything else is unknown; nothing tells about steps and pets, so neither is promised. They are built as shelters
/// under houses with another use: dual_purpose. Ids are "ro-<county>-<id>", the name is the address. Failure of the
/// whole: malformed, message_too_large (more than 200,000 records).
[[nodiscard]] result<listed_shelters> parse_romanian_shelters(std::string const& text, lat_lon_box const& box,
                                                              bundle_policy const& policy = {});

}  // namespace siren::city
