#pragma once

#include <cmath>

#include "core/base/verify.h"
#include "core/track/intake.h"
#include "feed_adapters/cot_event.h"
#include "fuzzing/fuzz_input.h"

namespace siren::fuzz {

/// What was read as an event is judged by the intake as every report is, and is sane when that takes it.
inline void check_event(cot_event const& event) {
  auto const report = observation_of(event, source_id{"radar"}, now());
  if (!report) return;
  verify(!report->native_id.empty(), "a report has a name");
  intake state;
  if (!admit(state, *report, {}, now())) return;
  verify(std::isfinite(report->position.lat.value) && std::isfinite(report->position.lon.value), "a place is finite");
  verify(!report->velocity || std::isfinite(report->velocity->east.value + report->velocity->north.value),
         "a velocity is finite");
}

}  // namespace siren::fuzz
