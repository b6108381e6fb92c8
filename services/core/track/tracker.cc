#include "core/track/tracker.h"

#include <algorithm>
#include <tuple>

#include "core/track/looks.h"
#include "core/track/merging.h"
#include "core/track/picture_change.h"

namespace siren {
namespace {

void take_scan(picture_change& change, std::span<observation const> reports) {
  std::vector<observation const*> order;
  order.reserve(reports.size());
  for (auto const& report : reports) order.push_back(&report);
  auto const key = [](observation const* report) { return std::tie(report->observed_at, report->measured_by()); };
  std::stable_sort(order.begin(), order.end(),
                   [&](observation const* a, observation const* b) { return key(a) < key(b); });
  for (auto first = order.begin(); first != order.end();) {
    auto const last =
        std::find_if(first, order.end(), [&](observation const* report) { return key(report) != key(*first); });
    take_look(change, {first, last});
    first = last;
  }
}

void pass_time(picture_change& change, picture const& state, utc_time now) {
  for (std::uint32_t slot = 0; slot < state.tracks.size(); ++slot) {
    auto const& t = state.tracks[slot].now;
    class_traits const& traits = traits_of(change.policy().classes, t.kind);
    if (now - t.updated_at > (t.confirmed ? traits.coast_limit : traits.tentative_limit))
      change.end(slot, track_end::coasted_out);
  }
}

}  // namespace

std::vector<track_change> apply(picture& state, picture_event const& event, track_policy const& policy) {
  picture_change change{state, policy};
  if (auto const* report = std::get_if<observation>(&event)) {
    take_look(change, std::vector{report});
  } else if (auto const* reports = std::get_if<scan>(&event)) {
    take_scan(change, reports->reports);
  } else {
    auto const now = std::get<tick>(event).now;
    pass_time(change, state, now);
    merge_duplicates(change, state.tracks.size(), now);
    change.forget_destroyed(now);
  }
  return change.finish();
}

track predict(track const& known, utc_time at, track_policy const& policy) {
  if (at <= known.updated_at) return known;
  kalman_state const state{{0.0, 0.0, known.velocity.east.value, known.velocity.north.value}, known.covariance};
  auto const later = predicted(state, at - known.updated_at, traits_of(policy.classes, known.kind).maneuver);
  track out = known;
  out.position = local_plane{known.position}.to_place({meters{later.mean[0]}, meters{later.mean[1]}});
  out.covariance = later.covariance;
  out.updated_at = at;
  return out;
}

}  // namespace siren
