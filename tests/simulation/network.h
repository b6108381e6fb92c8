#pragma once

#include <array>
#include <optional>

#include "simulation/stage.h"

namespace siren::simulation {

inline constexpr std::size_t kEngines = 2;
inline constexpr std::size_t kGateways = 3;
inline constexpr std::size_t kPhones = 5;

/// Who is cut off from whom, and how slow everything is.
struct network {
  explicit network(stage_of_events& s) : stage{s} {}

  std::array<bool, kEngines> engine_log{};  // true: cut
  std::array<bool, kEngines> engine_bus{};
  std::array<bool, kGateways> gateway_log{};
  std::array<bool, kGateways> gateway_bus{};
  std::array<bool, kPhones> phone{};
  std::int64_t slow_ms = 0;  // added at most to every message

  [[nodiscard]] milliseconds delay() { return stage.random.between(1, 15 + slow_ms); }

  stage_of_events& stage;
};

}  // namespace siren::simulation
