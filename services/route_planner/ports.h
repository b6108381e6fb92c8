#pragma once

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/shelter/conditions.h"
#include "core/shelter/shelter.h"

namespace siren {

/// What the registry changed since a change number, and the number that this covers.
struct shelter_changes {
  std::vector<shelter> changed;
  std::vector<shelter_id> unreadable;  // changed, but to something that can't be understood: to be taken for closed
  std::uint64_t head = 0;
};

/// The shelter registry as the planner sees it. Failure of any call: the registry does not answer; ask again.
class shelter_source {
 public:
  virtual ~shelter_source() = default;
  /// 0: everything.
  [[nodiscard]] virtual result<shelter_changes> changes_after(std::uint64_t seq) = 0;
  /// A change of these takes a change number too.
  [[nodiscard]] virtual result<ground_conditions> conditions() = 0;
};

}  // namespace siren
