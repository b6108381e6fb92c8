#pragma once

#include "demo_runner/options.h"

namespace siren::demo {

/// The whole demo; returns the exit status. Signals SIGINT and SIGTERM must be blocked by the caller.
[[nodiscard]] int run(options const& chosen);

}  // namespace siren::demo
