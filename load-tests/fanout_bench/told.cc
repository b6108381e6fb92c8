#include "fanout_bench/told.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace siren::fanout {
namespace {

/// Each gateway reads the log's head every 500 ms, whatever its phones do.
constexpr double kPollsPerSecond = 2.0;

double ms_of(microseconds delay) {
  return static_cast<double>(delay.count()) / 1'000.0;
}

}  // namespace

void play_told::add_numbers_of(window_told const& one) {
  auto const add = [&](char const* what, double value) { numbers.emplace_back(one.name + "." + what, value); };
  auto const messages = static_cast<double>(one.heard.messages());
  add("alerts", static_cast<double>(one.heard.alerts));
  if (one.heard.delays.count() > 0) {
    add("p50_ms", ms_of(one.heard.delays.at(0.50)));
    add("p99_ms", ms_of(one.heard.delays.at(0.99)));
    add("p999_ms", ms_of(one.heard.delays.at(0.999)));
    add("max_ms", ms_of(one.heard.delays.max()));
  }
  if (one.heard.alerts > 0) add("cpu_us", one.server_cpu_s * 1e6 / messages);
  if (one.heard.late_delays.count() > 0) add("late_max_ms", ms_of(one.heard.late_delays.max()));
  if (one.heard.backs.count() > 0) {
    add("backs", static_cast<double>(one.heard.backs.count()));
    add("back_p50_ms", ms_of(one.heard.backs.at(0.50)));
    add("back_max_ms", ms_of(one.heard.backs.max()));
    add("greeting_p99_ms", ms_of(one.heard.greetings.at(0.99)));
    add("peak_connects", static_cast<double>(one.peak_connects));
  }
  add("server_cores", one.server_cpu_s / one.seconds);
  add("phones_cores", one.phones_cpu_s / one.seconds);
  add("database_per_s", std::max(0.0, one.database_work / one.seconds));
  add("database_extra_per_s",
      std::max(0.0, one.database_work / one.seconds - kPollsPerSecond * static_cast<double>(servers)));
  add("server_mb", one.server_bytes / 1e6);
  add("messages", messages);
}

char const* name_of(kind_of_server kind) {
  switch (kind) {
    case kind_of_server::nchan:
      return "nchan";
    case kind_of_server::floor:
      return "floor";
    default:
      return "siren";
  }
}

double play_told::number(std::string const& name) const {
  auto const found = std::find_if(numbers.begin(), numbers.end(), [&](auto const& one) { return one.first == name; });
  return found == numbers.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

}  // namespace siren::fanout
