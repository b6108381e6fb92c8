#pragma once

#include <string>
#include <vector>

#include "guidance_bench/figure.h"
#include "raid_trial/trial.h"

namespace siren::raids {

/// The table of all raids together: means over raids, sums where a row says so. Targets: GOSPA a fifth below the plain
/// tracker's, no missed zone, 85 to 95 % of arrival intervals held. At least one raid.
[[nodiscard]] std::vector<bench::figure> rows_of(std::vector<trial_figures> const& raids);

/// Every raid's own figures.
[[nodiscard]] nlohmann::json raids_as_json(std::vector<trial_figures> const& raids);

/// By name without ending: "gospa" over minutes of the raid, "arrivals" by the time left.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> plots_of(std::vector<trial_figures> const& raids);

}  // namespace siren::raids
