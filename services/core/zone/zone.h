#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/geo/polygon.h"

namespace siren {

enum class zone_kind : std::uint8_t { country = 1, oblast = 2, raion = 3, city = 4, district = 5, hromada = 6 };

[[nodiscard]] std::string_view name_of(zone_kind kind);
[[nodiscard]] std::optional<zone_kind> zone_kind_named(std::string_view name);

/// A place that can be in alarm. Zones form a tree: country > oblast > raion or city > district.
struct zone {
  zone_id id;
  zone_kind kind = zone_kind::district;
  std::optional<zone_id> parent;
  std::string name_uk;
  std::string name_en;
  std::uint32_t population = 0;
  std::vector<polygon> shape;
  /// Ids that it answers to since a re-zoning: of zones that are no more and whose ground, or part of it, is now here.
  std::vector<zone_id> replaces = {};
};

}  // namespace siren
