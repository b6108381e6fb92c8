#pragma once

#include <string>

#include "core/base/time.h"

namespace siren {

/// The world's time for decisions. Thread-safe.
class world_clock {
 public:
  virtual ~world_clock() = default;
  [[nodiscard]] virtual utc_time now() const = 0;
};

/// Live: the system's UTC. Exercise: scenario time, `start` at wall time `anchor`, running `rate` times as fast; every
/// process of an exercise gets the same three numbers.
struct clock_options {
  utc_time start{};
  wall_time anchor{};
  double rate = 1.0;
  bool scenario = false;
};

class real_world_clock final : public world_clock {
 public:
  explicit real_world_clock(clock_options options);
  [[nodiscard]] utc_time now() const override;

 private:
  clock_options options_;
};

/// Exercise only: from now on this process's clocks, wall and world, are wrong by what `file` holds: seconds as a
/// 64-bit integer in this machine's byte order, which may change at any time. Like the system's clock, this is one for
/// the process. Failure: FILE_UNREADABLE.
[[nodiscard]] result<void> follow_clock_offset(std::string const& file);

[[nodiscard]] wall_time wall_now();
[[nodiscard]] steady_time steady_now();

}  // namespace siren
