#include "route_planner/planner_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace siren {
namespace {

void set(metrics& into, char const* name, char const* help, std::uint64_t value, metrics::labels const& with = {}) {
  into.gauge(name, help, with).Set(static_cast<double>(value));
}

}  // namespace

void observe_plan(metrics& into, planned const& made, double seconds_taken) {
  auto const& f = made.figures;
  into.delay_histogram("siren_plan_seconds", "Time to make and publish a plan").Observe(seconds_taken);
  set(into, "siren_plan_version", "Newest plan", made.now->version);
  set(into, "siren_plan_shelters_not_open", "Shelters that nobody is sent to", f.targets - f.targets_open);
  set(into, "siren_plan_people", "People planned for", f.people);
  set(into, "siren_plan_assigned", "People who are sent to a shelter", f.assigned);
  auto const staying = [&](char const* why, std::uint64_t people) {
    set(into, "siren_plan_staying", "People told to take cover where they are", people, {{"reason", why}});
  };
  staying("NO_ROOM", f.no_room);
  staying("TOO_LATE", f.too_late);
  staying("NONE_REACHABLE", f.unreachable);
  set(into, "siren_plan_overload", "People beyond the room of their shelter: always 0", f.overload);
  auto const moved = [&](char const* who, std::uint64_t people) {
    into.counter("siren_plan_moved_total", "People sent elsewhere than by the plan before", {{"who", who}})
        .Increment(static_cast<double>(people));
  };
  moved("underway", f.moved_underway);
  moved("other", f.moved - f.moved_underway);
  into.counter("siren_plans_total", "Plans made", {{"finished", f.finished ? "yes" : "no"}}).Increment();
  into.counter("siren_plan_delta_bytes_total", "Bytes of deltas").Increment(static_cast<double>(made.delta.size()));
}

void observe_comparison(metrics& into, told_figures const& told) {
  set(into, "siren_nearest_in_time", "People in time with room, had everybody gone to the nearest",
      told.nearest.in_time);
  set(into, "siren_nearest_overfull_shelters", "Shelters overfull, had everybody gone to the nearest",
      told.nearest.overfull_shelters);
  set(into, "siren_plan_areas_with_deadline", "Areas told to go that have a deadline", told.areas_with_deadline);
}

}  // namespace siren
