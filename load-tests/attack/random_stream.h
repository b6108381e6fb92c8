#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace siren::attack {

/// Random numbers that are the same on every platform for the same seed (the standard's distributions are not).
class random_stream {
 public:
  explicit random_stream(std::uint64_t seed) : engine_{seed} {}

  /// [0, 1)
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  double between(double low, double high) { return low + (high - low) * unit(); }
  bool chance(double probability) { return unit() < probability; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(unit() * static_cast<double>(n)); }
  /// Standard normal, Box-Muller.
  double normal() {
    auto const radius = std::sqrt(-2.0 * std::log(1.0 - unit()));
    return radius * std::cos(2.0 * std::numbers::pi * unit());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace siren::attack
