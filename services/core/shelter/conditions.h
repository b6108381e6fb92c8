#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace siren {

/// How light is decided. `automatic`: by the sun over the city's centre.
enum class light_rule : std::uint8_t { automatic = 1, day = 2, dark = 3, blackout = 4 };
/// "auto", "day", "dark", "blackout".
[[nodiscard]] std::string_view name_of(light_rule rule);
[[nodiscard]] std::optional<light_rule> light_rule_named(std::string_view name);

/// What is true outside for everybody who walks, as operators say it.
struct ground_conditions {
  light_rule light = light_rule::automatic;
  bool ice = false;
  std::vector<std::string> closed_bridges{};  // names of streets, in either script, whose bridges nobody may cross
  bool trains_running = true;
  bool metro_power = true;  // without it trains and escalators stand
  std::uint64_t revision = 1;
  std::optional<utc_time> changed_at{};  // absent: never changed
  std::string changed_by{};
  friend bool operator==(ground_conditions const&, ground_conditions const&) = default;
};

/// Absent fields stay.
struct conditions_edit {
  std::string operator_name;
  std::optional<std::uint64_t> expected_revision;  // absent: whatever the current one is
  std::optional<light_rule> light;
  std::optional<bool> ice;
  std::optional<std::vector<std::string>> closed_bridges;
  std::optional<bool> trains_running;
  std::optional<bool> metro_power;
};

struct conditions_policy {
  std::size_t most_bridges = 64;      // our choice: a city on a wide river has some twenty
  std::size_t most_name_bytes = 300;  // as a shelter's name
  std::size_t most_operator_bytes = 100;
};

/// `current` after the edit, revision one higher; equal to `current` when nothing changes. Bridges are kept in order
/// and once each. Failures: stale_revision, missing_field (operator, a bridge without a name), field_too_long,
/// count_out_of_range. Pure.
[[nodiscard]] result<ground_conditions> change(ground_conditions const& current, conditions_edit const& edit,
                                               utc_time now, conditions_policy const& policy = {});

}  // namespace siren
