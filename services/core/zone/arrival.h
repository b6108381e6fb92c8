#pragma once

#include <array>
#include <optional>

#include "core/base/time.h"
#include "core/track/class_traits.h"
#include "core/track/track.h"
#include "core/zone/danger.h"
#include "core/zone/outline.h"

namespace siren {

/// How one class of threat may fly from here on; its speed bounds are the tracker's class_traits. Defaults and their
/// sources: zone_policy.cc.
struct arrival_rule {
  seconds horizon{};     // entries later than this after the track's time count as "not entered"
  degrees course_sigma;  // turns to come, on top of the track's own course error
  int speed_sigma_percent = 0;
  probability turns;          // share of flights that leave the course altogether: any direction is as likely
  degrees aim_error;          // a flight that misses by less is "not ruled out"; for what can't be waited for
  seconds narrowest{};        // p05 to p95 is never narrower than this ...
  int narrowest_percent = 0;  // ... nor than this share of the time left to the median
};

/// What a track means to one zone.
struct approach {
  arrival_interval when;  // of the flights that enter or miss by the aim error at most; not before the track's time
  probability entering;   // lower bound, see flight_fan; 0 when the zone is only not ruled out
  octant from = octant::unknown;
  friend bool operator==(approach const&, approach const&) = default;
};

/// A fixed fan of straight flights out of a track's state: position and velocity drawn jointly from its covariance,
/// then class manoeuvres on course and speed, speed kept within the class's bounds. The same track gives the same fan:
/// 24 quasi-random antithetic pairs (R-sequence of Roberts 2018, "The unreasonable effectiveness of quasirandom
/// sequences", course stratified) and 16 turned flights spread evenly over all courses. A track without a known
/// velocity has a covariance that spreads the fan into a wide cone, at the worst over all directions.
class flight_fan {
 public:
  flight_fan(track const& from, class_traits const& traits, arrival_rule const& rule);

  /// Absent: no flight of the fan enters, or nearly enters, within the horizon.
  ///
  /// `entering` bounds from below the chance that the zone is entered at any moment of the horizon, which has no closed
  /// form for a moving density (a first passage; Prandini, Hu, Lygeros & Sastry 2000, IEEE Trans. ITS 1(4), estimate it
  /// by sampling as here). Being inside at one moment implies being inside at some moment, so the largest of these is a
  /// bound: the share of straight flights that enter, and the chance of being inside now. What is left out only adds to
  /// it: a threat that turns towards the zone later than now counts only through `turns`.
  ///
  /// Percentiles are of the arrival of those flights, widened to the rule's floor (a third of it earlier, the rest
  /// later) without going before the track's time.
  [[nodiscard]] std::optional<approach> towards(outline const& zone) const;
  /// As towards(), but also absent where `entering` is less than this, or where no flight enters within this time; much
  /// faster where few flights lead.
  [[nodiscard]] std::optional<approach> towards(outline const& zone, probability at_least, seconds within) const;

 private:
  struct hit {
    double after_s;
    double weight;
    bool enters;
  };
  struct sight;
  static constexpr std::size_t kBins = 240;  // of headings, 1.5° each: finer than the fan is dense
  /// More than the weight of all flights that can enter, or nearly enter; 0: none can.
  [[nodiscard]] double most_entering(outline const& zone, seconds within) const;
  [[nodiscard]] sight sight_of(outline const& zone) const;
  void sum_headings();
  [[nodiscard]] meters flown_within(seconds time) const;
  [[nodiscard]] bool may_meet(std::size_t number, sight const& seen, outline const& zone) const;
  [[nodiscard]] std::optional<hit> flown(std::size_t number, sight const& seen, outline const& zone) const;

  static constexpr std::size_t kStraight = 48;
  static constexpr std::size_t kTurned = 16;
  struct flight {
    plane_point offset;
    outline::direction heading;
    double speed = 0.0;  // m/s
    double weight = 0.0;
  };
  lat_lon place_;
  utc_time at_;
  arrival_rule rule_;
  meters_per_second fastest_;  // of all flights
  meters reach_;               // further from the track's place than this nothing is entered within the horizon
  meters spread_;              // 1-σ of the place along its worse axis, at most
  double ee_, en_, nn_;
  meters stray_;                              // how far from the track's place flights begin, at most
  sphere_axes here_;                          // of the track's place
  std::array<double, kBins + 1> headings_{};  // weight of flights up to a heading, clockwise from north
  std::array<flight, kStraight + kTurned> flights_;
};

}  // namespace siren
