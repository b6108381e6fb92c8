#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/assign/assignment_problem.h"

namespace siren {

/// A list that names a target, and its cheapest way there at pace 1.
struct incoming_way {
  std::uint32_t list;
  std::uint32_t cost_ds;
};

/// The lists seen from the targets, and the lots of each list.
class incoming_index {
 public:
  explicit incoming_index(assignment_problem const& problem);

  [[nodiscard]] std::span<incoming_way const> of(std::uint32_t target) const {
    return {ways_.get() + first_way_[target], end_way_[target] - first_way_[target]};
  }
  /// Of something kept by lot, the part of the way's lots.
  template <typename T>
  [[nodiscard]] std::span<T> lots_of(incoming_way const& way, std::span<T> by_lot) const {
    return by_lot.subspan(first_lot_[way.list], first_lot_[way.list + 1] - first_lot_[way.list]);
  }
  [[nodiscard]] std::uint32_t first_lot(std::uint32_t list) const { return first_lot_[list]; }
  [[nodiscard]] std::uint32_t end_lot(std::uint32_t list) const { return first_lot_[list + 1]; }

 private:
  std::vector<std::uint32_t> first_way_;  // by target
  std::vector<std::uint32_t> end_way_;
  std::unique_ptr<incoming_way[]> ways_;  // not a vector, which would clear tens of megabytes first
  std::vector<std::uint32_t> first_lot_;  // by list, and one more
};

}  // namespace siren
