#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace siren {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// The world's time, UTC, to the microsecond. In an exercise it may run faster than the wall clock (the scenario's
/// time). Everything that is decided about threats, alarms, deadlines and walks is decided in this time.
struct utc_clock {
  using duration = microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<utc_clock>;
};
using utc_time = utc_clock::time_point;

/// This machine's monotonic time. Timeouts, heartbeats and staleness live here and never meet utc_time.
using steady_time = std::chrono::steady_clock::time_point;

/// Real wall-clock time in an exercise too; only for measuring delays between processes on one machine.
struct wall_clock {
  using duration = microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<wall_clock>;
};
using wall_time = wall_clock::time_point;

/// RFC 3339, `Z` or an offset, 0-9 fraction digits (cut to microseconds). Failure: malformed, also for days that the
/// calendar does not have and for leap seconds (:60), which utc_time can't hold.
[[nodiscard]] result<utc_time> parse_utc(std::string_view text);
/// RFC 3339 in UTC with milliseconds: 2026-01-23T18:00:00.000Z
[[nodiscard]] std::string format_utc(utc_time at);

}  // namespace siren
