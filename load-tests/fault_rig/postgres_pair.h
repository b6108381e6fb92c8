#pragma once

#include <memory>
#include <string>

#include "rig/private_servers.h"

namespace siren::faults {

/// A PostgreSQL primary and a synchronous standby on loopback ports: a commit that is confirmed is on both.
class postgres_pair {
 public:
  /// `small`: a folder for the primary's data, e.g. a small file system; empty: below `folder`.
  [[nodiscard]] static result<std::unique_ptr<postgres_pair>> start(std::string const& folder,
                                                                    std::string const& small = "");
  /// Both hosts; the one that takes writes is looked for.
  [[nodiscard]] std::string dsn() const;
  [[nodiscard]] private_postgres& primary() { return *primary_; }
  [[nodiscard]] private_postgres& standby() { return *standby_; }
  /// Whichever is the primary now.
  [[nodiscard]] private_postgres& current() { return promoted_ ? *standby_ : *primary_; }

  /// Crashes of all processes of both.
  void kill_both();
  [[nodiscard]] result<void> start_both();
  /// The primary's machine is lost; the standby becomes the primary.
  [[nodiscard]] result<void> lose_primary();
  /// An older copy (private_postgres::copy_to) takes the primary's place, alone.
  [[nodiscard]] result<void> put_back(std::string const& copy);

 private:
  std::uint16_t ports_[2] = {0, 0};
  std::unique_ptr<private_postgres> primary_;
  std::unique_ptr<private_postgres> standby_;
  bool promoted_ = false;
};

}  // namespace siren::faults
