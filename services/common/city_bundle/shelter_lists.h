#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/city_bundle/city_bundle.h"

namespace siren {

/// Lists of shelters as text, as ShelterService.ImportShelters takes them (format: its comment in the contract). A bad
/// record is left out and stands in `rejects`; a second one with the same id is a duplicate. Failure of the whole: as
/// read_shelters.

/// shelters.csv of the city bundle.
[[nodiscard]] result<std::vector<shelter>> parse_shelters_csv(std::string_view text, bundle_policy const& policy,
                                                              lat_lon_box const& box,
                                                              std::vector<bundle_reject>& rejects);

/// Rejects are numbered by feature from 1.
[[nodiscard]] result<std::vector<shelter>> parse_shelters_geojson(std::string const& text, bundle_policy const& policy,
                                                                  lat_lon_box const& box,
                                                                  std::vector<bundle_reject>& rejects);

/// Feature collections that together hold all of `shelters`, each at most `max_bytes` (a single shelter larger than
/// that stands alone). What parse_shelters_geojson makes of them equals `shelters` but for occupancy,
/// revision and fractions of a millisecond in verified_at.
[[nodiscard]] std::vector<std::string> write_shelters_geojson(std::vector<shelter> const& shelters,
                                                              std::size_t max_bytes);

}  // namespace siren
