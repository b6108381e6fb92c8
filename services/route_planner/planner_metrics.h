#pragma once

#include "common/metrics.h"
#include "route_planner/plan_shelf.h"

namespace siren {

void observe_plan(metrics& into, planned const& made, double seconds_taken);
void observe_comparison(metrics& into, told_figures const& told);

}  // namespace siren
