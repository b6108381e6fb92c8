#pragma once

#include <pqxx/pqxx>

#include "shelter_registry/ports.h"

namespace siren {

/// The one row of migration 0008, within a transaction of the store.
[[nodiscard]] ground_conditions read_conditions(pqxx::work& work);
/// Locks the row, decides by core's `change`, numbers the change and remembers the answer.
[[nodiscard]] result<conditions_outcome> set_conditions_in(pqxx::work& work, conditions_mutation const& what,
                                                           utc_time now);

}  // namespace siren
