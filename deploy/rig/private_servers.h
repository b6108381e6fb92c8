#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

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
  struct settings {
    bool durable = true;
    std::uint16_t tcp_port = 0;          // on 127.0.0.1 too; 0: the unix socket alone
    std::vector<std::string> more = {};  // further settings, "name=value"
  };

  /// Uses `folder`/pg, made on first use. Not durable (fsync off): tests only. Ready and with an empty database "siren"
  /// on first use when it returns.
  [[nodiscard]] static result<std::unique_ptr<private_postgres>> start(std::string const& folder, bool durable);
  [[nodiscard]] static result<std::unique_ptr<private_postgres>> start(std::string const& folder, settings chosen);
  /// A streaming standby of `primary` in a folder of its own, made from a copy: one for each primary. What it has not
  /// received yet the primary keeps for it, over crashes of both.
  [[nodiscard]] static result<std::unique_ptr<private_postgres>> start_standby(std::string const& folder,
                                                                               private_postgres& primary,
                                                                               settings chosen);
  /// From now on every commit waits for a standby. Its copies say so too.
  [[nodiscard]] result<void> wait_for_standby();
  /// A copy of everything as of now, in `to`.
  [[nodiscard]] result<void> copy_to(std::string const& to);
  /// While stopped: this copy takes the place of the data.
  [[nodiscard]] result<void> put_back(std::string const& from);
  /// A standby becomes the primary.
  [[nodiscard]] result<void> promote();
  /// From the next start on.
  void change(settings chosen) { settings_ = std::move(chosen); }
  /// One value of one row; empty when it can't be asked.
  [[nodiscard]] std::string ask(std::string const& query) const;

  [[nodiscard]] std::string dsn() const;
  /// Throws the database "siren" away and makes an empty one; nobody may be connected.
  [[nodiscard]] result<void> empty_database();
  void stop();       // fast shutdown
  void kill_hard();  // as a crash: no checkpoint, every connection cut
  [[nodiscard]] result<void> start_again();
  /// Every process of it stands still, with its connections open, until thaw().
  void freeze();
  void thaw();
  [[nodiscard]] child_process& process() { return *process_; }

 private:
  private_postgres() = default;
  [[nodiscard]] result<void> run();
  /// Host or socket folder, and port.
  [[nodiscard]] std::pair<std::string, std::string> server_address() const;
  [[nodiscard]] result<void> copy(std::string const& to, std::vector<std::string> more);
  std::string folder_;
  settings settings_;
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
