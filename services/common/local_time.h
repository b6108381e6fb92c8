#pragma once

#include <string>

#include "core/base/time.h"

namespace siren {

/// The process lives in this time zone from now on (IANA name; an unknown one is UTC). Call in main before any thread
/// starts: logs and decisions stay in UTC, only local_time_of_day follows it.
void live_in_time_zone(std::string const& name);

/// Since local midnight.
[[nodiscard]] minutes local_time_of_day(utc_time at);

}  // namespace siren
