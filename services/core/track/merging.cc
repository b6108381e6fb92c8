#include "core/track/merging.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "core/track/association.h"

namespace siren {
namespace {

/// As for the report gate: one axis alone refuses only what the whole distance would refuse.
bool apart_along_north(track const& stale, track const& fresh, track_policy const& policy) {
  double const dt = fractional_seconds{fresh.updated_at - stale.updated_at}.count();
  double const residual =
      kEarthRadius.value * to_radians(fresh.position.lat - stale.position.lat) - stale.velocity.north.value * dt;
  auto const& p = stale.covariance;
  double const variance = p[5] + 2.0 * dt * p[7] + dt * dt * p[15] +
                          traits_of(policy.classes, stale.kind).maneuver.value * dt * dt * dt / 3.0 +
                          fresh.covariance[5];
  return residual * residual > policy.gate_merge * variance;
}

/// The fresher state taken as a measurement of the staler one. Its own correlation of place and speed is left out,
/// which makes the test a little stricter along the way of flight.
bool same_state(track const& a, track const& b, track_policy const& policy) {
  track const& stale = a.updated_at <= b.updated_at ? a : b;
  track const& fresh = a.updated_at <= b.updated_at ? b : a;
  if (apart_along_north(stale, fresh, policy)) return false;
  track const now = predict(stale, fresh.updated_at, policy);
  plane_point const there = local_plane{now.position}.to_plane(fresh.position);
  kalman_state const state{{0.0, 0.0, now.velocity.east.value, now.velocity.north.value}, now.covariance};
  auto const& p = fresh.covariance;
  measurement const place{measured_part::position, {there.east.value, there.north.value}, {p[0], p[1], p[4], p[5]}};
  double const squared = innovate(state, place).mahalanobis_squared;
  if (squared > policy.gate_merge) return false;
  measurement const motion{
      measured_part::velocity, {fresh.velocity.east.value, fresh.velocity.north.value}, {p[10], p[11], p[14], p[15]}};
  return squared + innovate(updated(state, place), motion).mahalanobis_squared <= policy.gate_merge;
}

bool in_one_scan(tracked const& a, tracked const& b) {
  return std::any_of(a.recent.begin(), a.recent.end(), [&](report_stamp const& stamp) {
    return std::find(b.recent.begin(), b.recent.end(), stamp) != b.recent.end();
  });
}

bool one_object(tracked const& a, tracked const& b, track_policy const& policy) {
  return compatible(a.now.kind, b.now.kind) && same_state(a.now, b.now, policy) && !in_one_scan(a, b);
}

double spread(track const& t) {
  return t.covariance[0] + t.covariance[5];
}

/// The surer of the two states stands: they share reports' errors, so fusing them would count those twice.
void join(tracked& kept, tracked const& gone, track_policy const& policy) {
  track const& fresh = gone.now.updated_at > kept.now.updated_at ? gone.now : kept.now;
  track const here = predict(kept.now, fresh.updated_at, policy);
  track const there = predict(gone.now, fresh.updated_at, policy);
  track out = spread(there) < spread(here) ? there : here;
  out.trace = fresh.trace;
  out.received_at = fresh.received_at;
  out.id = kept.now.id;
  out.kind = upgraded(kept.now.kind, gone.now.kind);
  out.count = std::max(kept.now.count, gone.now.count);
  out.confirmed = kept.now.confirmed || gone.now.confirmed;
  out.born_at = std::min(kept.now.born_at, gone.now.born_at);
  out.sources.clear();
  std::set_union(kept.now.sources.begin(), kept.now.sources.end(), gone.now.sources.begin(), gone.now.sources.end(),
                 std::back_inserter(out.sources));
  kept.now = std::move(out);
  kept.hits += gone.hits;
  kept.recent.insert(kept.recent.end(), gone.recent.begin(), gone.recent.end());
  std::stable_sort(kept.recent.begin(), kept.recent.end(),
                   [](report_stamp const& a, report_stamp const& b) { return a.at < b.at; });
  if (kept.recent.size() > policy.recent_reports)
    kept.recent.erase(kept.recent.begin(), kept.recent.end() - static_cast<std::ptrdiff_t>(policy.recent_reports));
  if (kept.hits >= traits_of(policy.classes, kept.now.kind).confirm_hits) kept.now.confirmed = true;
}

}  // namespace

std::vector<track_change> merge_duplicates(picture& state, track_policy const& policy) {
  enum class fate : std::uint8_t { untouched, grown, gone };
  auto& all = state.tracks;
  std::vector<fate> fates(all.size(), fate::untouched);
  for (std::size_t older = 0; older < all.size(); ++older)
    for (std::size_t younger = older + 1; younger < all.size() && fates[older] != fate::gone; ++younger) {
      if (fates[younger] == fate::gone || !one_object(all[older], all[younger], policy)) continue;
      bool const keep_younger = all[younger].now.confirmed && !all[older].now.confirmed;
      std::size_t const kept = keep_younger ? younger : older;
      std::size_t const gone = keep_younger ? older : younger;
      join(all[kept], all[gone], policy);
      fates[kept] = fate::grown;
      fates[gone] = fate::gone;
    }
  std::vector<track_change> changes;
  for (std::size_t index = 0; index < all.size(); ++index)
    if (fates[index] != fate::untouched)
      changes.push_back({all[index].now, fates[index] == fate::gone ? track_end::merged : track_end::none});
  std::size_t index = 0;
  std::erase_if(all, [&](tracked const&) { return fates[index++] == fate::gone; });
  return changes;
}

}  // namespace siren
