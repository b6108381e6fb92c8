#pragma once

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/shelter/shelter.h"

namespace siren {

/// What the registry changed since a change number, and the number that this covers.
struct shelter_changes {
  std::vector<shelter> changed;
  std::uint64_t head = 0;
};

/// The shelter registry as the planner sees it.
class shelter_source {
 public:
  virtual ~shelter_source() = default;
  /// 0: everything. Failure: the registry does not answer; ask again.
  [[nodiscard]] virtual result<shelter_changes> changes_after(std::uint64_t seq) = 0;
};

}  // namespace siren
