#pragma once

#include <algorithm>
#include <initializer_list>

#include "core/route/foot_rules.h"

namespace siren {

/// Reads tags; inside the foot rules only.
class foot_tags {
 public:
  explicit foot_tags(tag_lookup const& look) : look_{look} {}
  /// Empty when absent.
  [[nodiscard]] std::string_view at(char const* key) const {
    char const* value = look_(key);
    return value == nullptr ? std::string_view{} : std::string_view{value};
  }
  [[nodiscard]] bool has(char const* key) const { return !at(key).empty(); }
  [[nodiscard]] bool is(char const* key, std::initializer_list<std::string_view> values) const {
    auto const value = at(key);
    return std::find(values.begin(), values.end(), value) != values.end();
  }

 private:
  tag_lookup const& look_;
};

/// Fills what the ground is like: light, slope, roughness and whether wheels pass. `way.kind` is known.
void describe_ground(foot_tags const& t, way_attributes& way);

}  // namespace siren
