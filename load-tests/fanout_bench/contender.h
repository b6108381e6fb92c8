#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "fanout_bench/delivery_check.h"
#include "rig/private_servers.h"

namespace siren::fanout {

struct ground {
  std::string programs;
  std::string migrations;
  std::string folder;  // of this play
  std::size_t phones = 0;
  std::size_t zones = 1;
  std::size_t servers = 1;
  std::size_t most_streams = 0;  // a server; 0: as many as files allow
  std::int64_t heartbeat_ms = 5'000;
  bool tls = false;
};

/// One way to bring alerts to phones, with all its processes. Publishing may be done from another thread than the rest.
class contender {
 public:
  virtual ~contender() = default;
  [[nodiscard]] virtual std::string wire() const = 0;
  [[nodiscard]] virtual std::vector<std::uint16_t> ports() const = 0;
  /// The servers that phones connect to, those that live; their costs are what is measured.
  [[nodiscard]] virtual std::vector<pid_t> servers() const = 0;
  /// One alert to each of these zones, as soon as it can be said.
  [[nodiscard]] virtual result<void> publish(std::vector<zone_number> const& zones) = 0;
  /// What was published, by zone, as its own records have it at the end: the log that deliveries are held against.
  [[nodiscard]] virtual result<std::vector<std::vector<std::uint32_t>>> places() = 0;
  /// The last sequence by zone that was published.
  [[nodiscard]] std::vector<std::uint32_t> last_by_zone() const {
    std::lock_guard const lock{mutex_};
    return last_;
  }
  /// Transactions that PostgreSQL carried out for others than the publisher; 0 where there is none.
  [[nodiscard]] virtual double database_work() { return 0.0; }

  /// Faults, by name; failure where there is no such part.
  [[nodiscard]] virtual result<void> kill(std::string const& part) { return no(part); }
  [[nodiscard]] virtual result<void> start_again(std::string const& part) { return no(part); }
  /// Asks it to stop in good order and waits for its end.
  [[nodiscard]] virtual result<void> stop(std::string const& part) { return no(part); }

 protected:
  explicit contender(std::size_t zones) : last_(zones) {}
  static failure no(std::string const& part) { return {reason::malformed, "there is no part " + part + " here"}; }
  mutable std::mutex mutex_;
  std::vector<std::uint32_t> last_;
};

[[nodiscard]] result<std::unique_ptr<contender>> start_siren(ground const& on);
/// nginx with nchan over Redis, one worker for each server.
[[nodiscard]] result<std::unique_ptr<contender>> start_nchan(ground const& on);
/// A bare loop of epoll and send over Redis.
[[nodiscard]] result<std::unique_ptr<contender>> start_floor(ground const& on);

/// Certificate and key of the folder, made when they are not there yet.
struct certificate {
  std::string chain;
  std::string key;
};
[[nodiscard]] result<certificate> own_certificate(std::string const& folder);

}  // namespace siren::fanout
