#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/assign/assignment_problem.h"

namespace siren {

/// Above every sum of a walk and a level; a sum with it still fits 32 bits.
inline constexpr std::uint32_t kBarred = 1U << 30;
inline constexpr std::uint32_t kBelowCost = 1U << 27;

/// What a place in each target costs beyond the walk: its *level* = handicap + price. Staying is one more target, at
/// index targets(). People of one set of needs see one array of levels, in which targets that do not serve them, and
/// closed ones, are barred; so the search asks one number a choice.
class price_board {
 public:
  explicit price_board(assignment_problem const& problem);

  [[nodiscard]] std::uint32_t stay() const { return static_cast<std::uint32_t>(handicap_.size()); }
  [[nodiscard]] std::uint32_t level(std::uint32_t target) const { return level_[target]; }
  [[nodiscard]] bool closed(std::uint32_t target) const { return closed_[target] != 0; }
  [[nodiscard]] std::uint32_t handicap(std::uint32_t target) const { return handicap_[target]; }
  [[nodiscard]] std::uint32_t price(std::uint32_t target) const { return level_[target] - handicap_[target]; }
  /// Levels by target for people of a class of needs; valid until the next class is made.
  [[nodiscard]] std::uint32_t const* seen_by(std::uint8_t needs_class) const { return views_[needs_class].data(); }
  [[nodiscard]] bool serves(std::uint32_t target, std::uint8_t needs_class) const {
    return views_[needs_class][target] < kBarred;
  }
  [[nodiscard]] std::uint8_t class_of(std::uint8_t needs) const { return class_of_[needs]; }
  /// Changes, from 1 on, when anybody sees a lower level than before.
  [[nodiscard]] std::uint32_t falls() const { return falls_; }

  /// All prices 0.
  void reset();
  void set_level(std::uint32_t target, std::uint32_t level);
  void set_closed(std::uint32_t target, bool closed);
  /// The level stays where it is unless the handicap alone is above it.
  void set_handicap(std::uint32_t target, std::uint32_t handicap_ds);
  void set_offers(std::uint32_t target, std::uint8_t offers);

 private:
  void show(std::uint32_t target);

  std::vector<std::uint32_t> level_;  // one more than targets: staying
  std::vector<std::uint32_t> handicap_;
  std::vector<std::uint8_t> offers_;
  std::vector<std::uint8_t> closed_;
  std::array<std::uint8_t, 256> class_of_{};
  std::vector<std::uint8_t> needs_;  // by class
  std::uint32_t falls_ = 1;
  std::vector<std::vector<std::uint32_t>> views_;  // by class
};

}  // namespace siren
