#pragma once

#include <string>
#include <vector>

#include "fault_rig/scenario.h"

namespace siren::faults {

[[nodiscard]] std::string head_of_table();
[[nodiscard]] std::string line_of(scenario_row const& row);
/// Failure: FILE_UNREADABLE.
[[nodiscard]] result<void> write_json(std::vector<scenario_row> const& rows, std::size_t phones,
                                      std::string const& file);

}  // namespace siren::faults
