#pragma once

#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/ids.h"

namespace siren {

/// Who listens to which zone, so that an alert finds its streams without looking at the others. `Handle` is cheap to
/// copy and has std::hash. Adding and removing cost the number of zones named. Not thread-safe.
template <typename Handle>
class zone_index {
 public:
  /// A handle is removed with the zones it was added with.
  void add(Handle const& who, std::span<zone_id const> zones) {
    for (auto const& zone : zones) listeners_[zone].insert(who);
  }
  void remove(Handle const& who, std::span<zone_id const> zones) {
    for (auto const& zone : zones) {
      auto const found = listeners_.find(zone);
      if (found == listeners_.end()) continue;
      found->second.erase(who);
      if (found->second.empty()) listeners_.erase(found);
    }
  }
  [[nodiscard]] std::vector<Handle> of(zone_id const& zone) const {
    auto const found = listeners_.find(zone);
    if (found == listeners_.end()) return {};
    return {found->second.begin(), found->second.end()};
  }

 private:
  std::unordered_map<zone_id, std::unordered_set<Handle>> listeners_;
};

}  // namespace siren
