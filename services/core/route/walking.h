#pragma once

#include <array>
#include <cstdint>

#include "core/base/time.h"
#include "core/geo/quantity.h"
#include "core/route/profile.h"
#include "core/route/street_graph.h"

namespace siren {

/// How one profile walks on a good day. Uphill streets are not slowed: cities' inclines are seldom mapped.
struct walking_pace {
  meters_per_second flat{1.22};
  double steps_down = 0.5;  // share of the flat speed that is left, measured along the steps
  double steps_up = 0.35;   // also for steps whose direction is not mapped
  bool wheels = false;      // no steps, nothing tagged as impassable, step-free doors only
  friend bool operator==(walking_pace const&, walking_pace const&) = default;
};

/// Domain facts, "Walking": 1.22 m/s by default, 0.8-1.7 in range; stairs down ×0.5, up ×0.35. The slow profile walks
/// at the range's low end; so do wheelchairs and prams, for want of a better number.
struct walking_policy {
  std::array<walking_pace, kWalkingProfiles> paces{walking_pace{}, walking_pace{.flat = meters_per_second{0.8}},
                                                   walking_pace{.flat = meters_per_second{0.8}, .wheels = true}};
  [[nodiscard]] walking_pace const& of(walking_profile p) const { return paces[static_cast<std::size_t>(p) - 1]; }
};

/// What slows everybody tonight; operators and the hour decide.
struct walking_conditions {
  bool dark = false;
  bool ice = false;
};

/// From the usual time to the one that promises are made on: usual ÷ (share × the worst condition's share).
struct slow_case_policy {
  double share =
      0.8;  // upper end of the range for darkness or ice, always taken: the map's lights tell nothing in a blackout
  double dark = 0.8;  // domain facts, "Walking": darkness or ice ×0.6-0.8
  double ice = 0.6;
};
[[nodiscard]] milliseconds slow_case(milliseconds usual, walking_conditions now, slow_case_policy const& policy);
/// The pace that people are told to expect in these conditions.
[[nodiscard]] milliseconds expected_case(milliseconds usual, walking_conditions now, slow_case_policy const& policy);

/// A pace made ready for millions of edges: integer arithmetic, so every machine gets the same times.
class edge_costs {
 public:
  explicit edge_costs(walking_pace const& pace);
  friend bool operator==(edge_costs const&, edge_costs const&) = default;

  [[nodiscard]] bool allows(std::uint8_t edge_flags) const { return rates_[edge_flags % kEdgeFlagSets] != 0; }
  /// Milliseconds for `length_cm` along an edge with these flags (allows() holds); at least 1.
  [[nodiscard]] std::uint32_t cost_ms(std::uint32_t length_cm, std::uint8_t edge_flags) const {
    auto const cost = static_cast<std::uint32_t>(length_cm * rates_[edge_flags % kEdgeFlagSets] >> kShift);
    return cost + 1;
  }
  /// Off the streets: flat, either way. 0 for no distance.
  [[nodiscard]] std::uint32_t flat_ms(std::uint32_t length_cm) const {
    return static_cast<std::uint32_t>(length_cm * rates_[0] >> kShift);
  }

 private:
  static constexpr unsigned kShift = 10;
  std::array<std::uint64_t, kEdgeFlagSets> rates_{};  // 2^-10 ms per cm; 0: barred
};

}  // namespace siren
