#pragma once

#include <memory>
#include <string>

#include "core/base/time.h"
#include "zone_engine/ports.h"

namespace siren {

struct leadership_policy {
  /// After a break of the store whoever led comes back within a tick and a connection; others wait so long.
  milliseconds return_within{3'000};
  /// A leader beats every second. One that holds the right so long without a beat hangs; with taking over this stays
  /// within the 5 s in which another must lead.
  milliseconds hung_after{3'500};
  milliseconds answer_within{3'000};  // of the server, before the connection counts as lost
};

/// A session advisory lock of PostgreSQL on a connection of its own: the server gives it up when the process or the
/// connection dies. Who had it once takes it back without waiting.
[[nodiscard]] std::unique_ptr<leadership> make_pg_leadership(std::string const& dsn, std::string country,
                                                             leadership_policy policy = {});

}  // namespace siren
