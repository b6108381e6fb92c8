#include "core/shelter/conditions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace siren {
namespace {

constexpr std::array<std::pair<light_rule, std::string_view>, 4> kRules{{{light_rule::automatic, "auto"},
                                                                         {light_rule::day, "day"},
                                                                         {light_rule::dark, "dark"},
                                                                         {light_rule::blackout, "blackout"}}};

result<void> check(conditions_edit const& edit, conditions_policy const& policy) {
  if (edit.operator_name.empty()) return failure{reason::missing_field, "conditions: operator missing"};
  if (edit.operator_name.size() > policy.most_operator_bytes)
    return failure{reason::field_too_long, "conditions: operator's name too long"};
  if (!edit.closed_bridges) return {};
  if (edit.closed_bridges->size() > policy.most_bridges)
    return failure{reason::count_out_of_range,
                   "conditions: more than " + std::to_string(policy.most_bridges) + " closed bridges"};
  for (auto const& name : *edit.closed_bridges) {
    if (name.empty()) return failure{reason::missing_field, "conditions: a closed bridge without a name"};
    if (name.size() > policy.most_name_bytes)
      return failure{reason::field_too_long, "conditions: a closed bridge's name is too long"};
  }
  return {};
}

}  // namespace

std::string_view name_of(light_rule rule) {
  for (auto const& [value, name] : kRules)
    if (value == rule) return name;
  verify(false, "every light rule has a name");
  return "";
}

std::optional<light_rule> light_rule_named(std::string_view name) {
  for (auto const& [value, known] : kRules)
    if (known == name) return value;
  return std::nullopt;
}

result<ground_conditions> change(ground_conditions const& current, conditions_edit const& edit, utc_time now,
                                 conditions_policy const& policy) {
  if (edit.expected_revision && *edit.expected_revision != current.revision)
    return failure{reason::stale_revision, "conditions: revision " + std::to_string(*edit.expected_revision) +
                                               " is stale, the current one is " + std::to_string(current.revision)};
  if (auto const fit = check(edit, policy); !fit) return fit.error();
  auto next = current;
  next.light = edit.light.value_or(current.light);
  next.ice = edit.ice.value_or(current.ice);
  next.trains_running = edit.trains_running.value_or(current.trains_running);
  next.metro_power = edit.metro_power.value_or(current.metro_power);
  if (edit.closed_bridges) {
    auto& bridges = next.closed_bridges = *edit.closed_bridges;
    std::sort(bridges.begin(), bridges.end());
    bridges.erase(std::unique(bridges.begin(), bridges.end()), bridges.end());
  }
  if (next == current) return next;
  next.revision = current.revision + 1;
  next.changed_at = now;
  next.changed_by = edit.operator_name;
  return next;
}

}  // namespace siren
