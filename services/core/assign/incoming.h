#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/assign/assignment_problem.h"

namespace siren {

/// A list that names a target, and its cheapest way there at pace 1.
struct incoming_way {
  std::uint32_t list = 0;
  std::uint32_t cost_ds = 0;
};

/// The lists seen from the targets, and the lots of each list.
class incoming_index {
 public:
  explicit incoming_index(assignment_problem const& problem);

  [[nodiscard]] std::span<incoming_way const> of(std::uint32_t target) const {
    return std::span{ways_}.subspan(first_way_[target], first_way_[target + 1] - first_way_[target]);
  }
  /// Of something kept by lot, the part of the way's lots.
  template <typename T>
  [[nodiscard]] std::span<T> lots_of(incoming_way const& way, std::span<T> by_lot) const {
    return by_lot.subspan(first_lot_[way.list], first_lot_[way.list + 1] - first_lot_[way.list]);
  }
  [[nodiscard]] std::uint32_t first_lot(std::uint32_t list) const { return first_lot_[list]; }
  [[nodiscard]] std::uint32_t end_lot(std::uint32_t list) const { return first_lot_[list + 1]; }

 private:
  std::vector<std::uint32_t> first_way_;  // by target, and one more
  std::vector<incoming_way> ways_;
  std::vector<std::uint32_t> first_lot_;  // by list, and one more
};

}  // namespace siren
