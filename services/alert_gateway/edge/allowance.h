#pragma once

#include <algorithm>

#include "core/base/time.h"

namespace siren::edge {

/// A token bucket: `burst` at once, then `per_second`.
class allowance {
 public:
  allowance(double burst, double per_second, steady_time now)
      : burst_{burst}, per_second_{per_second}, left_{burst}, filled_at_{now} {}
  /// False: there is not that much left; nothing was taken.
  [[nodiscard]] bool take(double amount, steady_time now) {
    auto const passed = std::chrono::duration<double>(now - filled_at_).count();
    left_ = std::min(burst_, left_ + passed * per_second_);
    filled_at_ = now;
    if (left_ < amount) return false;
    left_ -= amount;
    return true;
  }

 private:
  double burst_;
  double per_second_;
  double left_;
  steady_time filled_at_;
};

}  // namespace siren::edge
