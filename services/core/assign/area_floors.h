#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/assign/assignment_problem.h"
#include "core/assign/price_board.h"

namespace siren {

/// For lots that follow each other (an area) a level that no target in their lists is below, so that a scan of a list
/// in order of cost may end early where every place is dear. Rises need not be told: the floor is then only too low.
class area_floors {
 public:
  area_floors(assignment_problem const& problem, price_board const& prices);

  [[nodiscard]] std::uint32_t of(std::uint32_t lot) const { return floors_[lot / kAreaLots]; }
  /// To be called before a lot's list is scanned; now and then it looks at the levels anew.
  void freshen(std::uint32_t lot) {
    if (auto& calls = calls_[lot / kAreaLots]; ++calls >= kCallsBetweenLooks) {
      calls = 0;
      look(lot / kAreaLots);
    }
  }
  /// A target in the lot's list fell to a level.
  void lower(std::uint32_t lot, std::uint32_t level) {
    auto& floor = floors_[lot / kAreaLots];
    floor = std::min(floor, level);
  }
  /// Nothing is known.
  void forget() { floors_.assign(floors_.size(), 0); }

 private:
  static constexpr std::uint32_t kAreaLots = 64;           // measured; neighbours share most of their targets
  static constexpr std::uint32_t kCallsBetweenLooks = 16;  // a look costs as much as a scan or two

  void look(std::uint32_t area);

  price_board const& prices_;
  std::vector<std::uint32_t> first_target_;  // by area, and one more
  std::vector<std::uint32_t> targets_;
  std::vector<std::uint32_t> floors_;  // by area
  std::vector<std::uint8_t> calls_;
};

}  // namespace siren
