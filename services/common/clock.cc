#include "common/clock.h"

namespace siren {

real_world_clock::real_world_clock(clock_options options) : options_{options} {}

utc_time real_world_clock::now() const {
  auto const wall = wall_now();
  if (!options_.scenario) return utc_time{wall.time_since_epoch()};
  auto const passed = static_cast<double>((wall - options_.anchor).count()) * options_.rate;
  return options_.start + microseconds{static_cast<microseconds::rep>(passed)};
}

wall_time wall_now() {
  return wall_time{std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch())};
}

steady_time steady_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace siren
