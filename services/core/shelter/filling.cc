#include "core/shelter/filling.h"

#include <algorithm>

namespace siren {
namespace {

double seconds_between(utc_time from, utc_time to) {
  return std::chrono::duration<double>(to - from).count();
}

/// People a second.
double slope_of(std::vector<occupancy_point> const& points, std::size_t first) {
  auto const count = static_cast<double>(points.size() - first);
  double mean_t = 0.0;
  double mean_p = 0.0;
  for (auto i = first; i < points.size(); ++i) {
    mean_t += seconds_between(points[first].at, points[i].at) / count;
    mean_p += points[i].people / count;
  }
  double above = 0.0;
  double below = 0.0;
  for (auto i = first; i < points.size(); ++i) {
    auto const t = seconds_between(points[first].at, points[i].at) - mean_t;
    above += t * (points[i].people - mean_p);
    below += t * t;
  }
  return below > 0.0 ? above / below : 0.0;
}

}  // namespace

std::optional<utc_time> full_at(std::vector<occupancy_point> const& points, std::uint32_t capacity, utc_time now,
                                filling_policy const& policy) {
  if (capacity == 0 || points.empty()) return std::nullopt;
  if (points.back().people >= capacity) return now;
  auto const recent =
      std::find_if(points.begin(), points.end(), [&](auto const& point) { return point.at >= now - policy.look_back; });
  auto const first = static_cast<std::size_t>(recent - points.begin());
  if (points.size() - first < policy.least_points || points.back().at - recent->at < policy.least_span)
    return std::nullopt;
  auto const slope = slope_of(points, first);
  if (slope <= 0.0) return std::nullopt;
  auto const left = (capacity - points.back().people) / slope;
  if (left > std::chrono::duration<double>(policy.look_ahead).count()) return std::nullopt;
  auto const when = points.back().at + std::chrono::duration_cast<microseconds>(std::chrono::duration<double>(left));
  return std::max(when, now);
}

}  // namespace siren
