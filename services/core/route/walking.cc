#include "core/route/walking.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/verify.h"

namespace siren {
namespace {

milliseconds divided(milliseconds t, double share) {
  verify(share > 0.0, "people walk at some speed");
  return milliseconds{static_cast<std::int64_t>(std::ceil(static_cast<double>(t.count()) / share))};
}

}  // namespace

walking_pace walking_policy::pace(gait g, walking_conditions now) const {
  auto pace = gaits[static_cast<std::size_t>(g)];
  double everywhere = 1.0;
  if (now.light == street_light::blackout) everywhere = std::min(everywhere, conditions.blackout);
  if (now.ice) everywhere = std::min(everywhere, conditions.ice);
  double const on_steps = now.ice ? std::min(everywhere, conditions.ice_steps) : everywhere;
  double const unlit = now.light == street_light::dark ? std::min(everywhere, conditions.dark) : everywhere;
  verify(everywhere > 0.0 && on_steps > 0.0 && unlit > 0.0, "people walk at some speed");
  pace.flat = pace.flat * everywhere;
  pace.steps_down *= on_steps / everywhere;
  pace.steps_up *= on_steps / everywhere;
  pace.unlit *= unlit / everywhere;
  return pace;
}

walking_pace walking_policy::pace(walking_profile p, walking_conditions now) const {
  auto const& row = of(p);
  auto scaled = pace(row.walks, now);
  scaled.flat = scaled.flat * row.share;
  return scaled;
}

milliseconds walking_policy::usual(walking_profile p, milliseconds at_gait) const {
  return divided(at_gait, of(p).share);
}

milliseconds walking_policy::slow_case(milliseconds usual) const {
  return divided(usual, slow_case_share);
}

closed_segments::closed_segments(std::vector<segment_index> segments) : segments_{std::move(segments)} {
  std::sort(segments_.begin(), segments_.end());
  segments_.erase(std::unique(segments_.begin(), segments_.end()), segments_.end());
}

bool closed_segments::contains(segment_index s) const {
  return std::binary_search(segments_.begin(), segments_.end(), s);
}

edge_costs::edge_costs(walking_pace const& pace, closed_segments closed) : closed_{std::move(closed)} {
  verify(pace.flat.value > 0.01 && pace.steps_down > 0.01 && pace.steps_up > 0.01 && pace.slope_down > 0.01 &&
             pace.slope_up > 0.01 && pace.rough > 0.01 && pace.unlit > 0.01,
         "a pace gets somewhere");
  for (std::size_t flags = 0; flags < kEdgeFlagSets; ++flags) {
    bool const steps = (flags & kSteps) != 0;
    bool const barred = (flags & kNoEntry) != 0 || (pace.wheels && (steps || (flags & kNoWheels) != 0));
    if (barred) continue;
    double share = 1.0;
    if (steps) {
      share = (flags & kDescent) != 0 ? pace.steps_down : pace.steps_up;
    } else {
      if ((flags & kClimb) != 0) share *= pace.slope_up;
      if ((flags & kDescent) != 0) share *= pace.slope_down;
      if ((flags & kRough) != 0) share *= pace.rough;
    }
    if ((flags & kUnlit) != 0) share *= pace.unlit;
    double const rate = 10.0 / (pace.flat.value * share);  // ms per cm
    rates_[flags] = static_cast<std::uint64_t>(std::lround(std::ldexp(rate, kShift)));
  }
}

}  // namespace siren
