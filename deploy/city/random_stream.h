#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

namespace siren::city {

/// Numbers from std::mt19937_64, whose output the standard fixes, through distributions of ours (the standard leaves
/// its own open): the same seed gives the same city on every platform.
class random_stream {
 public:
  /// `lane` separates the uses of one seed, so that a change in one part of a city leaves the others as they were.
  random_stream(std::uint64_t seed, std::uint64_t lane)
      : engine_{seed * 0x9E3779B97F4A7C15ULL + lane * 0xD1B54A32D192ED03ULL + 1} {}

  /// [0, 1), 53 bits.
  double unit() { return static_cast<double>(engine_() >> 11U) * 0x1.0p-53; }
  double between(double low, double high) { return low + (high - low) * unit(); }
  bool chance(double probability) { return unit() < probability; }
  /// [0, count); count > 0.
  std::size_t index(std::size_t count) { return static_cast<std::size_t>(unit() * static_cast<double>(count)); }

  /// From a distribution given by its minimum, quartiles and maximum, straight lines between them.
  double of_quartiles(std::array<double, 5> const& marks) {
    double const at = unit() * 4.0;
    auto const quarter = static_cast<std::size_t>(at);
    return marks[quarter] + (marks[quarter + 1] - marks[quarter]) * (at - static_cast<double>(quarter));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace siren::city
