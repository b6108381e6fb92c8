#pragma once

#include <string>

#include <pqxx/pqxx>

#include "common/alert_log/alert_log.h"

namespace siren {

/// What writer and reader share; columns of every query that gives entries: epoch, seq, zone_id, alert_id, rev, ended,
/// alert.
[[nodiscard]] alert_entry entry_of(pqxx::row const& row, int first_column = 0);

/// Positive in a signed bigint, never 0. A log that is rebuilt gets another one, and phones take a snapshot.
[[nodiscard]] std::uint64_t random_alert_epoch();

/// Makes the country's head with a random epoch if it has none yet.
void ensure_alert_head(pqxx::work& transaction, std::string const& country);

}  // namespace siren
