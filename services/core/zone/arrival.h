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
/// 24 quasi-random antithetic pairs (R-sequence of Roberts, course stratified) and 16 turned flights spread evenly over
/// all courses.
class flight_fan {
 public:
  flight_fan(track const& from, class_traits const& traits, arrival_rule const& rule);

  /// Absent: no flight of the fan enters, or nearly enters, within the horizon. `entering` is a lower bound in this
  /// model: the larger of the share of flights that enter and the chance of being inside already; flights hold their
  /// course, so a threat that turns towards the zone later than now counts only through `turns`. Percentiles are of
  /// those flights, widened to the rule's floor (a third of it earlier, the rest later) without going before the
  /// track's time.
  [[nodiscard]] std::optional<approach> towards(outline const& zone) const;

 private:
  struct hit {
    double after_s;
    double weight;
    bool enters;
  };
  struct frame;
  [[nodiscard]] std::optional<hit> flown(std::size_t number, frame const& seen, outline const& zone) const;

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
  meters reach_;   // further from the track's place than this nothing is entered within the horizon
  meters spread_;  // 1-σ of the place along its worse axis, at most
  double ee_, en_, nn_;
  std::array<flight, kStraight + kTurned> flights_;
};

}  // namespace siren
