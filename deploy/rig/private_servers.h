#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/base/time.h"
#include "rig/child_process.h"

namespace siren {

/// A new folder under /var/tmp with a short path that the postgres user can enter (socket paths hold 107 bytes).
/// `prefix` like "test"; removed by remove_run_folder, which refuses anything else.
[[nodiscard]] std::string make_run_folder(std::string const& prefix);
void remove_run_folder(std::string const& folder);

/// PostgreSQL of our own on a unix socket, run as the postgres user when we are root. Never touches the system's
/// clusters.
class private_postgres {
 public:
  /// Uses `folder`/pg, made on first use. Not durable (fsync off): tests only. Ready and with an empty database "siren"
  /// on first use when it returns.
  [[nodiscard]] static result<std::unique_ptr<private_postgres>> start(std::string const& folder, bool durable);

  [[nodiscard]] std::string dsn() const;
  /// Throws the database "siren" away and makes an empty one; nobody may be connected.
  [[nodiscard]] result<void> empty_database();
  void stop();       // fast shutdown
  void kill_hard();  // as a crash: no checkpoint, every connection cut
  [[nodiscard]] result<void> start_again();
  [[nodiscard]] child_process& process() { return *process_; }

 private:
  private_postgres() = default;
  [[nodiscard]] result<void> run();
  std::string folder_;
  bool durable_ = true;
  std::unique_ptr<child_process> process_;
};

/// Redis of our own on a unix socket, nothing kept on disk.
class private_redis {
 public:
  [[nodiscard]] static result<std::unique_ptr<private_redis>> start(std::string const& folder);
  [[nodiscard]] std::string address() const;
  void stop();
  void kill_hard();
  [[nodiscard]] result<void> start_again();
  [[nodiscard]] child_process& process() { return *process_; }

 private:
  private_redis() = default;
  std::string folder_;
  std::unique_ptr<child_process> process_;
};

}  // namespace siren
