#include "core/zone/plausible_region.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace siren {
namespace {

microseconds flight_time(double metres, meters_per_second speed) {
  return microseconds{std::llround(std::max(0.0, metres) / speed.value * 1e6)};
}

double degrees_apart(degrees a, degrees b) {
  return std::abs(std::remainder(a.value - b.value, 360.0));
}

bool course_is_known(track const& seen) {
  auto const speed = std::hypot(seen.velocity.east.value, seen.velocity.north.value);
  auto const sigma = std::sqrt(std::max(seen.covariance[10] + seen.covariance[15], 0.0) / 2.0);
  return speed > 0.0 && std::atan2(sigma, speed) * 180.0 / std::numbers::pi <= plausible_region::kKnownCourse.value;
}

}  // namespace

plausible_region::plausible_region(lat_lon from, utc_time at, class_traits const& traits, region_rule const& rule)
    : from_{from}, at_{at}, traits_{traits}, rule_{rule} {}

plausible_region::plausible_region(launch_report const& seen, class_traits const& traits, region_rule const& rule)
    : plausible_region{seen.from, seen.at, traits, rule} {
  course_ = seen.course;
}

std::optional<plausible_region> plausible_region::around(track const& seen, class_traits const& traits,
                                                         region_rule const& rule) {
  if (rule.reach.value <= 0.0 || course_is_known(seen)) return std::nullopt;
  return plausible_region{seen.position, seen.updated_at, traits, rule};
}

std::optional<approach> plausible_region::towards(outline const& zone) const {
  auto const away = distance(from_, zone.middle()).value;
  auto const radius = zone.radius().value;
  if (away - radius > rule_.reach.value) return std::nullopt;
  if (course_ && away > radius) {
    auto const seen_wide = std::asin(radius / away) * 180.0 / std::numbers::pi;
    if (degrees_apart(course(from_, zone.middle()), *course_) > rule_.half_angle.value + seen_wide) return std::nullopt;
  }
  auto const end = at_ + rule_.lasts;
  auto const earliest = std::min(at_ + flight_time(away - radius, traits_.max_speed), end);
  auto const latest = std::clamp(at_ + flight_time(away + radius, traits_.min_speed), earliest, end);
  auto const median = std::clamp(at_ + flight_time(away, traits_.typical_speed), earliest, latest);
  auto const wind = away < 1.0 ? octant::unknown : octant_of(course(zone.middle(), from_));
  return approach{{earliest, median, latest}, probability{0.0}, wind};
}

}  // namespace siren
