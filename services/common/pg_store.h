#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <pqxx/pqxx>

#include "common/pg_watchdog.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

/// A small pool of PostgreSQL connections; one owner at a time each. Every wait has a limit: connecting, waiting for a
/// free connection, each statement, a transaction. Broken connections are replaced at the next use, on the host that
/// then takes writes. Thread-safe.
class pg_store {
 public:
  struct limits {
    std::size_t connections = 4;
    seconds connect_timeout{2};
    milliseconds statement_timeout{3'000};
    milliseconds pool_wait{2'000};
    /// For a whole transaction, since a server that hangs keeps no limit of its own; absent: a third more than a
    /// statement may take.
    std::optional<milliseconds> answer_within = std::nullopt;
  };

  explicit pg_store(std::string const& dsn) : pg_store(dsn, limits{}) {}
  pg_store(std::string const& dsn, limits bounds);
  ~pg_store();

  /// Runs `act` in one transaction and commits. Any database error: STORE_UNAVAILABLE, or what `act` returned; then
  /// nothing is changed — but a connection lost during commit leaves it in doubt, so repeat only what is idempotent.
  /// `act` may be called again once when the connection turned out to be dead before anything was sent.
  [[nodiscard]] result<void> transact(std::function<result<void>(pqxx::work&)> const& act);

 private:
  [[nodiscard]] result<std::unique_ptr<pqxx::connection>> take();
  void give_back(std::unique_ptr<pqxx::connection> connection);

  std::string dsn_;
  limits limits_;
  pg_watchdog watchdog_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<pqxx::connection>> idle_;
  std::size_t out_ = 0;
};

/// libpqxx 6.4 has no binary parameters from string_view: bytes go in and out through these.
[[nodiscard]] pqxx::binarystring pg_bytes(std::string const& bytes);

/// Applies migrations/*.sql (0001_name.sql …, forward only) not yet applied, each in its own transaction under an
/// advisory lock, and pins this database to one world and country. Failure: SCHEMA_MISMATCH when an applied file has
/// changed, WRONG_MODE when the database serves another world. Returns how many were applied.
[[nodiscard]] result<std::size_t> migrate(pg_store& store, std::string const& folder, std::string const& world,
                                          std::string const& country);
/// Refuses a database of another world or country, or one never migrated.
[[nodiscard]] result<void> check_instance(pg_store& store, std::string const& world, std::string const& country);

}  // namespace siren
