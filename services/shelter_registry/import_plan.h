#pragma once

#include <map>

#include "shelter_registry/ports.h"

namespace siren {

struct import_plan {
  std::vector<shelter> writes;  // new and changed records with their new revisions, in the order given
  import_outcome outcome;       // its change number is still absent
};

/// What an import does to the current shelters of the same ids. Pure.
[[nodiscard]] import_plan plan_import(std::vector<shelter> const& records, std::map<shelter_id, shelter> const& current,
                                      utc_time now);

}  // namespace siren
