#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

#include <pqxx/pqxx>

#include "core/base/time.h"

namespace siren {

/// Cuts connections whose server does not answer in time. A server that hangs (stopped, or behind a network that
/// swallows everything) keeps its connections open, and libpq waits for an answer without end; cut here, it gets an
/// error like that of a dead server. Thread-safe.
class pg_watchdog {
 public:
  pg_watchdog();
  ~pg_watchdog();  // every watch has ended
  pg_watchdog(pg_watchdog const&) = delete;
  pg_watchdog& operator=(pg_watchdog const&) = delete;

  /// For the time in which one connection is used; the connection outlives it.
  class watch {
   public:
    watch(pg_watchdog& by, pqxx::connection_base const& over, milliseconds limit);
    ~watch();
    watch(watch const&) = delete;
    watch& operator=(watch const&) = delete;

   private:
    pg_watchdog& by_;
    std::uint64_t id_;
  };

 private:
  struct watched {
    int socket;  // a copy: libpq may close its own meanwhile, and the number may then be another file's
    steady_time until;
  };
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, watched> all_;
  std::uint64_t last_id_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

/// `dsn` with the limits that every connection has: on connecting (to each host, when it names several), on each
/// statement, and on a network that went away. Several hosts are a primary and its standbys: the one that takes writes
/// is looked for.
[[nodiscard]] std::string bounded_dsn(std::string const& dsn, seconds connect_timeout, milliseconds statement_timeout);

}  // namespace siren
