#pragma once

#include <optional>
#include <vector>

#include "core/geo/position.h"
#include "core/zone/zone_policy.h"

namespace siren {

/// A threat and, inside only, where the nearest of it is: a parent zone sees it from another side than its child.
struct placed_threat {
  threat shown;
  std::optional<lat_lon> nearest;
};

/// Takes `more` into the list, merged with what has the same issuer, class and kind of alarm: the highest stage, the
/// surest cause, the earliest interval (with its direction), the highest chance. The issuer's name stays that of the
/// first.
void merge_into(std::vector<placed_threat>& list, placed_threat const& more);

/// Most urgent first: stage, then official before operator before analysis, then earliest arrival (unknown last),
/// class.
void sort_by_urgency(std::vector<placed_threat>& list);

/// Of the list, or all clear.
[[nodiscard]] stage highest(std::vector<placed_threat> const& list);

enum class difference : std::uint8_t {
  none = 0,
  refined = 1,  // arrival moved materially, direction by more than one wind, or a threat has another stage or cause
  changed = 2,  // level, partly, or which threats there are
};
/// What a person who knows `before` would gain from `after`.
[[nodiscard]] difference compare(danger const& before, danger const& after, utc_time at, zone_policy const& policy);

}  // namespace siren
