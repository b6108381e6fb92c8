#include "core/route/walking.h"

#include <algorithm>
#include <cmath>

#include "core/base/verify.h"

namespace siren {
namespace {

double conditions_share(walking_conditions now, slow_case_policy const& policy) {
  double share = 1.0;
  if (now.dark) share = std::min(share, policy.dark);
  if (now.ice) share = std::min(share, policy.ice);
  verify(share > 0.0 && policy.share > 0.0, "people walk at some speed");
  return share;
}

milliseconds stretched(milliseconds usual, double share) {
  return milliseconds{static_cast<std::int64_t>(std::ceil(static_cast<double>(usual.count()) / share))};
}

}  // namespace

milliseconds expected_case(milliseconds usual, walking_conditions now, slow_case_policy const& policy) {
  return stretched(usual, conditions_share(now, policy));
}

milliseconds slow_case(milliseconds usual, walking_conditions now, slow_case_policy const& policy) {
  return stretched(usual, conditions_share(now, policy) * policy.share);
}

edge_costs::edge_costs(walking_pace const& pace) {
  verify(pace.flat.value > 0.01 && pace.steps_down > 0.01 && pace.steps_up > 0.01, "a pace gets somewhere");
  double const flat = 10.0 / pace.flat.value;  // ms per cm
  for (std::size_t flags = 0; flags < kEdgeFlagSets; ++flags) {
    bool const steps = (flags & kSteps) != 0;
    bool const barred = (flags & kNoEntry) != 0 || (pace.wheels && (steps || (flags & kNoWheels) != 0));
    if (barred) continue;
    double rate = flat;
    if (steps) rate /= (flags & kDescent) != 0 ? pace.steps_down : pace.steps_up;
    rates_[flags] = static_cast<std::uint64_t>(std::lround(std::ldexp(rate, kShift)));
  }
}

}  // namespace siren
