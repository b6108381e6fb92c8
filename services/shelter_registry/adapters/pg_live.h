#pragma once

#include <pqxx/pqxx>

#include "shelter_registry/ports.h"

namespace siren {

/// What changes by the second, in PostgreSQL (migrations 0014 and 0015). Each runs in a transaction that holds the lock
/// of the one shelter it is about.

/// `deltas` of one shelter, which is locked here. Adds to the tally and the positions.
[[nodiscard]] result<void> add_counts_in(pqxx::work& work, std::vector<count_delta> const& deltas, utc_time now,
                                         counts_outcome& into);
/// An operator counted: what sensors say from now on adds to that.
void begin_new_sum(pqxx::work& work, shelter_id const& which);
/// One point of the history; the last one within ten seconds stays.
void remember_occupancy(pqxx::work& work, shelter_id const& which, std::uint32_t people, utc_time now);
[[nodiscard]] std::vector<occupancy_point> read_history(pqxx::work& work, shelter_id const& which, utc_time since,
                                                        std::size_t at_most);

void keep_sign(pqxx::work& work, shelter_id const& which, open_sign const& sign, utc_time now);
/// Judges a shelter's confidence by its signs anew. Returns its change number when that differs. The shelter is locked.
[[nodiscard]] std::optional<std::uint64_t> judge_in(pqxx::work& work, shelter_id const& which, utc_time now);
/// Shelters whose confidence may differ from what stands: those with signs, and those that had some.
[[nodiscard]] std::vector<shelter_id> to_judge(pqxx::work& work, utc_time now);

}  // namespace siren
