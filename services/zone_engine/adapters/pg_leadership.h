#pragma once

#include <memory>
#include <string>

#include "zone_engine/ports.h"

namespace siren {

/// A session advisory lock of PostgreSQL on a connection of its own: the server gives it up when the process or the
/// connection dies.
[[nodiscard]] std::unique_ptr<leadership> make_pg_leadership(std::string dsn, std::string country);

}  // namespace siren
