#pragma once

#include <cstdint>

namespace siren::raids {

/// Random numbers that are the same on every machine for the same seed and stream: integers and additions only
/// (SplitMix64: Steele, Lea & Flood 2014). Streams of one seed do not depend on each other's length.
class draws {
 public:
  draws(std::uint64_t seed, std::uint64_t stream) : state_{mixed(seed * 0x9E3779B97F4A7C15ULL + mixed(stream))} {}

  std::uint64_t bits() { return mixed(state_ += 0x9E3779B97F4A7C15ULL); }
  /// [0, 1)
  double unit() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
  double between(double low, double high) { return low + (high - low) * unit(); }
  bool chance(double probability) { return unit() < probability; }
  /// [0, n), n > 0
  std::uint64_t below(std::uint64_t n) { return bits() % n; }
  /// Standard normal up to 6 sigma: the sum of twelve uniform numbers of 21 bits (Irwin-Hall).
  double normal() {
    std::uint64_t sum = 0;
    for (int word = 0; word < 4; ++word) {
      auto const three = bits();
      sum += (three & kLow) + (three >> 21 & kLow) + (three >> 42 & kLow);
    }
    return (static_cast<double>(sum) + 6.0) / static_cast<double>(kLow + 1) - 6.0;
  }

 private:
  static constexpr std::uint64_t kLow = 0x1F'FFFF;
  static constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace siren::raids
