#pragma once

#include <compare>
#include <numbers>

namespace siren {

/// A number with its unit in the type. Same-unit arithmetic and scaling only.
template <typename Unit>
struct quantity {
  double value{0.0};

  constexpr quantity() = default;
  constexpr explicit quantity(double v) : value{v} {}
  friend constexpr auto operator<=>(quantity, quantity) = default;
  friend constexpr quantity operator+(quantity a, quantity b) { return quantity{a.value + b.value}; }
  friend constexpr quantity operator-(quantity a, quantity b) { return quantity{a.value - b.value}; }
  friend constexpr quantity operator*(quantity a, double k) { return quantity{a.value * k}; }
  friend constexpr quantity operator*(double k, quantity a) { return quantity{a.value * k}; }
  friend constexpr quantity operator/(quantity a, double k) { return quantity{a.value / k}; }
  friend constexpr double operator/(quantity a, quantity b) { return a.value / b.value; }
};

using meters = quantity<struct meters_unit>;
using meters_per_second = quantity<struct meters_per_second_unit>;
/// Angles of places (latitude, longitude) and of courses (true, clockwise from north, [0, 360)).
using degrees = quantity<struct degrees_unit>;
/// [0, 1]
using probability = quantity<struct probability_unit>;

[[nodiscard]] constexpr double to_radians(degrees d) {
  return d.value * std::numbers::pi / 180.0;
}
[[nodiscard]] constexpr degrees from_radians(double r) {
  return degrees{r * 180.0 / std::numbers::pi};
}

}  // namespace siren
