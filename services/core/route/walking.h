#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/time.h"
#include "core/geo/quantity.h"
#include "core/route/profile.h"
#include "core/route/street_graph.h"

namespace siren {

/// How one gait walks, by kind of street. All shares are of the flat speed and multiply.
struct walking_pace {
  meters_per_second flat{1.22};
  double steps_down = 0.5;  // measured along the steps
  double steps_up = 0.35;   // also for steps whose direction is not mapped
  double slope_up = 0.7;    // streets mapped as steep: Tobler's hiking function at +10 %, against level ground
  double slope_down = 1.0;  // the same at -10 %
  double rough = 0.85;      // sand, mud, cobbles, bad tracks: our choice
  double unlit = 1.0;       // streets without lamps; less than 1 in the dark
  bool wheels = false;      // no steps, nothing tagged as impassable
  friend bool operator==(walking_pace const&, walking_pace const&) = default;
};

/// What slows everybody tonight; operators and the hour decide. Dark: night with the street lamps on. Blackout: night
/// without them, as in a power loss or an ordered one.
enum class street_light : std::uint8_t { day = 0, dark = 1, blackout = 2 };
struct walking_conditions {
  street_light light = street_light::day;
  bool ice = false;
  friend bool operator==(walking_conditions const&, walking_conditions const&) = default;
};

/// Shares of the dry daytime speed. Domain facts, "Walking": darkness or ice ×0.6-0.8. Where several hold the worst
/// counts: the facts give one range for either, none for both.
struct condition_policy {
  double dark = 0.8;       // on unlit streets: the range's high end, there is light about
  double blackout = 0.7;   // everywhere: its middle
  double ice = 0.6;        // everywhere: its low end
  double ice_steps = 0.5;  // on steps: below the range, our choice
};

/// One row of the table of profiles.
struct profile_traits {
  gait walks = gait::foot;
  double share = 1.0;       // of the gait's speed, everywhere
  std::uint8_t needs = 0;   // shelter_need bits
  double population = 0.0;  // share of the people, where nothing better is known; the rows sum to 1
};

/// The numbers of walking. Domain facts: 1.22 m/s by default, 0.8-1.7 in range; stairs down ×0.5, up ×0.35. Slow people
/// walk at the range's low end; so do wheelchairs and prams, for want of a better number. Shares of the population are
/// our choice, near a tenth each for old people, families with small children and owners of pets.
struct walking_policy {
  std::array<walking_pace, kGaits> gaits{
      walking_pace{},
      walking_pace{.flat = meters_per_second{0.8}, .slope_up = 0.5, .slope_down = 0.8, .rough = 0.5, .wheels = true}};
  std::array<profile_traits, kWalkingProfiles> profiles{
      profile_traits{.population = 0.65}, profile_traits{.share = 0.8 / 1.22, .population = 0.12},
      profile_traits{.walks = gait::wheels, .needs = kNeedsStepFree, .population = 0.03},
      profile_traits{.share = 0.8, .population = 0.10},  // a child of five walks 1 m/s for a while: our choice
      profile_traits{.needs = kNeedsPetsAllowed, .population = 0.10}};
  condition_policy conditions;
  /// The slow case takes usual ÷ this: the upper end of the range for darkness or ice, always taken, because nobody's
  /// haste, crowd or load is known.
  double slow_case_share = 0.8;

  [[nodiscard]] profile_traits const& of(walking_profile p) const { return profiles[index_of(p)]; }
  /// A gait in these conditions.
  [[nodiscard]] walking_pace pace(gait g, walking_conditions now) const;
  /// A profile in these conditions: its gait's pace with the flat speed scaled.
  [[nodiscard]] walking_pace pace(walking_profile p, walking_conditions now) const;
  /// A time at the gait's pace as this profile takes it; rounded up.
  [[nodiscard]] milliseconds usual(walking_profile p, milliseconds at_gait) const;
  /// The time that promises are made on; rounded up.
  [[nodiscard]] milliseconds slow_case(milliseconds usual) const;
};

/// Segments that nobody may walk now, such as bridges that are closed in an alarm. Sorted, each once.
class closed_segments {
 public:
  closed_segments() = default;
  explicit closed_segments(std::vector<segment_index> segments);
  [[nodiscard]] bool contains(segment_index s) const;
  [[nodiscard]] bool empty() const { return segments_.empty(); }
  [[nodiscard]] std::vector<segment_index> const& all() const { return segments_; }
  friend bool operator==(closed_segments const&, closed_segments const&) = default;

 private:
  std::vector<segment_index> segments_;
};

/// Every bridge with a point within `radius` of the place, to its ends: what an operator closes with one mark.
[[nodiscard]] std::vector<segment_index> bridges_near(street_graph const& streets, lat_lon place, meters radius);
/// Every bridge of streets with this name, in either script, to its ends, with the ways on it that bear another name or
/// none: those that lie within `beside` of it all along, such as its sidewalks and its other carriageway.
[[nodiscard]] std::vector<segment_index> bridges_named(street_graph const& streets, std::string_view name,
                                                       meters beside);

/// A pace made ready for millions of edges: integer arithmetic, so every machine gets the same times.
class edge_costs {
 public:
  explicit edge_costs(walking_pace const& pace, closed_segments closed = {});
  friend bool operator==(edge_costs const&, edge_costs const&) = default;

  [[nodiscard]] bool allows(street_edge const& e) const {
    return rates_[e.flags()] != 0 && (closed_.empty() || !closed_.contains(e.segment()));
  }
  /// Whether the edge may be walked from its target to its source.
  [[nodiscard]] bool allows_reversed(street_edge const& e) const {
    return rates_[reversed_flags(e.flags())] != 0 && (closed_.empty() || !closed_.contains(e.segment()));
  }
  /// Milliseconds for `length_cm` along an edge with these flags (allows() holds); at least 1.
  [[nodiscard]] std::uint32_t cost_ms(std::uint32_t length_cm, std::uint8_t edge_flags) const {
    return static_cast<std::uint32_t>(length_cm * rates_[edge_flags] >> kShift) + 1;
  }
  [[nodiscard]] std::uint32_t cost_ms(street_edge const& e) const { return cost_ms(e.length_cm(), e.flags()); }
  /// Off the streets: flat, either way. 0 for no distance.
  [[nodiscard]] std::uint32_t flat_ms(std::uint32_t length_cm) const {
    return static_cast<std::uint32_t>(length_cm * rates_[0] >> kShift);
  }
  [[nodiscard]] closed_segments const& closed() const { return closed_; }

 private:
  static constexpr unsigned kShift = 10;
  std::array<std::uint64_t, kEdgeFlagSets> rates_{};  // 2^-10 ms per cm; 0: barred
  closed_segments closed_;
};

}  // namespace siren
