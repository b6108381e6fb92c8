#pragma once

#include <optional>

#include "core/track/class_traits.h"
#include "core/track/track.h"
#include "core/zone/arrival.h"
#include "core/zone/launch.h"

namespace siren {

/// Where a class may come down that leaves no time to follow it. Reach 0: the class is followed, its launches are not
/// news to people.
struct region_rule {
  meters reach;        // from where it was seen
  degrees half_angle;  // of the cone about a course that was reported
  seconds lasts{};     // then it has come down somewhere
};

/// Everything within reach and, when the course is known, within the cone about it: the whole region at once, from one
/// report, without a filter. Zones at the edge belong to it.
class plausible_region {
 public:
  plausible_region(launch_report const& seen, class_traits const& traits, region_rule const& rule);
  /// Of a track whose course says little: absent when its velocity leaves the course within kKnownCourse (1-σ), for a
  /// flight_fan says more then; and when the class has no reach.
  [[nodiscard]] static std::optional<plausible_region> around(track const& seen, class_traits const& traits,
                                                              region_rule const& rule);

  /// Absent: the zone lies outside. `entering` is 0: the only lower bound there is, since nothing says where to. From
  /// the fastest flight to the zone's near edge to the slowest to its far edge, not later than the rule's end.
  [[nodiscard]] std::optional<approach> towards(outline const& zone) const;

  static constexpr degrees kKnownCourse{30.0};  // a cone of two sigmas then rules out a third of all directions

 private:
  plausible_region(lat_lon from, utc_time at, class_traits const& traits, region_rule const& rule);

  lat_lon from_;
  utc_time at_;
  std::optional<degrees> course_;
  class_traits traits_;
  region_rule rule_;
};

}  // namespace siren
