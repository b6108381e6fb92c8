#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/zone/danger.h"

namespace siren {

/// One zone's alarm from its raise to its all-clear. Merging rule everywhere: a set keyed by `id`, the highest `rev`
/// wins, so duplicates and reordering are harmless. A zone has at most one alert that has not ended.
struct alert {
  alert_id id;            // "<zone>@<raised_at in ms since 1970>": stable, unique per raise
  std::uint32_t rev = 1;  // 1, 2, 3 … without holes per alert
  zone_id zone;
  stage level = stage::go;
  bool partly = false;
  std::vector<threat> threats;
  utc_time raised_at;
  utc_time changed_at;
  origin because;

  [[nodiscard]] bool ended() const { return level == stage::all_clear; }
};

}  // namespace siren
