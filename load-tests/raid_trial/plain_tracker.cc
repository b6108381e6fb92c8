#include "raid_trial/plain_tracker.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/track/flight.h"

namespace siren::raids {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();
constexpr std::size_t kRemembered = 16;
constexpr meters kCopyAway{5'000};

/// In the plane of the track; of a late report, where its object is by now if it flew on as the track does.
measurement place_of(reading const& seen, track const& known, fractional_seconds late) {
  auto const at = local_plane{known.position}.to_plane(seen.place);
  double const noise = seen.place_sigma.value * seen.place_sigma.value;
  return {measured_part::position,
          {at.east.value + known.velocity.east.value * late.count(),
           at.north.value + known.velocity.north.value * late.count()},
          {noise, 0, 0, noise}};
}

struct timing {
  fractional_seconds ahead{0.0};
  fractional_seconds late{0.0};
};
timing timing_of(track const& known, utc_time at) {
  fractional_seconds const dt = at - known.updated_at;
  return dt.count() < 0.0 ? timing{fractional_seconds{0.0}, -dt} : timing{dt, fractional_seconds{0.0}};
}

/// Zones judge by who saw a track.
void note_source(track& known, source_id const& by) {
  auto const at = std::lower_bound(known.sources.begin(), known.sources.end(), by);
  if (at == known.sources.end() || *at != by) known.sources.insert(at, by);
}

measurement motion_of(reading const& seen) {
  double const noise = seen.velocity_sigma.value * seen.velocity_sigma.value;
  return {measured_part::velocity, {seen.velocity->east.value, seen.velocity->north.value}, {noise, 0, 0, noise}};
}

}  // namespace

double plain_tracker::apart(one const& known, observation const& report) const {
  auto const when = timing_of(known.now, report.observed_at);
  if (when.late > policy_.reorder_limit) return kNone;
  std::pair const look{report.measured_by(), report.observed_at};
  if (std::find(known.had.begin(), known.had.end(), look) != known.had.end()) return kNone;
  auto const seen = reading_of(report, policy_);
  auto const q = traits_of(policy_.classes, known.now.kind).maneuver;
  auto const here = predicted(known.state, when.ahead, q);
  auto const place = place_of(seen, known.now, when.late);
  auto const first = innovate(here, place);
  if (first.mahalanobis_squared > policy_.gate_position) return kNone;
  if (!seen.velocity) return first.mahalanobis_squared;
  auto const second = innovate(updated(here, place, first), motion_of(seen));
  auto const both = first.mahalanobis_squared + second.mahalanobis_squared;
  return both > policy_.gate_position_velocity ? kNone : both / 2.0;
}

void plain_tracker::update(one& known, observation const& report) {
  auto const seen = reading_of(report, policy_);
  auto const q = traits_of(policy_.classes, known.now.kind).maneuver;
  auto const when = timing_of(known.now, report.observed_at);
  auto here = predicted(known.state, when.ahead, q);
  here = updated(here, place_of(seen, known.now, when.late));
  if (seen.velocity) here = updated(here, motion_of(seen));
  known.now.position = local_plane{known.now.position}.to_place({meters{here.mean[0]}, meters{here.mean[1]}});
  here.mean[0] = here.mean[1] = 0.0;
  known.state = here;
  known.now.velocity = {meters_per_second{here.mean[2]}, meters_per_second{here.mean[3]}};
  known.now.covariance = here.covariance;
  known.now.updated_at = std::max(known.now.updated_at, report.observed_at);
  if (report.kind != threat_class::unknown) known.now.kind = report.kind;
  known.now.count = std::max(known.now.count, report.count);
  note_source(known.now, report.measured_by());
  if (++known.hits >= traits_of(policy_.classes, known.now.kind).confirm_hits) known.now.confirmed = true;
  if (report.status == object_status::destroyed) known.end = track_end::destroyed;
}

void plain_tracker::bear(observation const& report) {
  if (report.status != object_status::active) return;
  auto const& traits = traits_of(policy_.classes, report.kind);
  auto const seen = reading_of(report, policy_);
  one made;
  made.now.id = track_id{next_id_++};
  made.now.kind = report.kind;
  made.now.count = report.count;
  made.now.sources = {report.measured_by()};
  made.now.position = report.position;
  made.now.born_at = made.now.updated_at = report.observed_at;
  double const place = seen.place_sigma.value * seen.place_sigma.value;
  double const motion = seen.velocity ? seen.velocity_sigma.value * seen.velocity_sigma.value
                                      : traits.typical_speed.value * traits.typical_speed.value / 2.0;
  made.state.covariance = {place, 0, 0, 0, 0, place, 0, 0, 0, 0, motion, 0, 0, 0, 0, motion};
  if (seen.velocity) {
    made.now.velocity = *seen.velocity;
    made.state.mean[2] = seen.velocity->east.value;
    made.state.mean[3] = seen.velocity->north.value;
  }
  made.now.covariance = made.state.covariance;
  made.hits = 1;
  made.now.confirmed = traits.confirm_hits <= 1;
  made.had.emplace_back(report.measured_by(), report.observed_at);
  made.changed = true;
  all_.push_back(std::move(made));
}

void plain_tracker::take(observation const& report) {
  std::pair const look{report.measured_by(), report.observed_at};
  newest_ = std::max(newest_, report.observed_at);
  bool const copy = report.measured_by() != report.source;
  one* best = nullptr;
  double least = kNone;
  for (auto& known : all_) {
    if (known.end != track_end::none) continue;
    // 111 km to a degree: far more than any gate.
    if (std::abs(known.now.position.lat.value - report.position.lat.value) > 1.0) continue;
    bool const had = std::find(known.had.begin(), known.had.end(), look) != known.had.end();
    if (copy && had && distance(known.now.position, report.position) < kCopyAway) return;
    if (double const d = apart(known, report); d < least) least = d, best = &known;
  }
  if (best == nullptr) {
    if (newest_ - report.observed_at <= policy_.reorder_limit) bear(report);
    return;
  }
  update(*best, report);
  best->changed = true;
  best->had.push_back(look);
  if (best->had.size() > kRemembered) best->had.erase(best->had.begin());
}

void plain_tracker::drop_doubles(utc_time now) {
  struct ahead {
    one* of;
    kalman_state state;
    lat_lon place;
  };
  std::vector<ahead> all;
  for (auto& known : all_) {
    if (known.end != track_end::none) continue;
    auto const& q = traits_of(policy_.classes, known.now.kind).maneuver;
    auto state = predicted(known.state, timing_of(known.now, now).ahead, q);
    auto const place = local_plane{known.now.position}.to_place({meters{state.mean[0]}, meters{state.mean[1]}});
    all.push_back({&known, state, place});
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      auto const& a = all[i];
      auto const& b = all[j];
      if (a.of->end != track_end::none || b.of->end != track_end::none) continue;
      if (std::abs(a.place.lat.value - b.place.lat.value) > 0.2) continue;  // 22 km
      auto const there = local_plane{a.place}.to_plane(b.place);
      auto base = a.state;
      base.mean[0] = base.mean[1] = 0.0;
      auto const& p = b.state.covariance;
      measurement const place{measured_part::position, {there.east.value, there.north.value}, {p[0], p[1], p[4], p[5]}};
      auto const near = innovate(base, place);
      if (near.mahalanobis_squared > policy_.gate_position_velocity) continue;
      measurement const motion{
          measured_part::velocity, {b.state.mean[2], b.state.mean[3]}, {p[10], p[11], p[14], p[15]}};
      auto const alike = innovate(updated(base, place, near), motion);
      if (near.mahalanobis_squared + alike.mahalanobis_squared > policy_.gate_position_velocity) continue;
      bool const apart = std::any_of(a.of->had.begin(), a.of->had.end(), [&](auto const& look) {
        return std::find(b.of->had.begin(), b.of->had.end(), look) != b.of->had.end();
      });
      if (!apart) b.of->end = track_end::merged, b.of->changed = true;
    }
}

std::vector<track_change> plain_tracker::take(std::span<observation const> reports, utc_time now) {
  for (auto const& report : reports) take(report);
  drop_doubles(now);
  std::vector<track_change> changes;
  for (auto& known : all_) {
    auto const& traits = traits_of(policy_.classes, known.now.kind);
    auto const limit = known.now.confirmed ? traits.coast_limit : traits.tentative_limit;
    if (known.end == track_end::none && now - known.now.updated_at > limit)
      known.end = track_end::coasted_out, known.changed = true;
    if (!known.changed) continue;
    known.changed = false;
    changes.push_back({known.now, known.end});
  }
  std::erase_if(all_, [](one const& known) { return known.end != track_end::none; });
  return changes;
}

std::vector<track> plain_tracker::tracks() const {
  std::vector<track> out;
  for (auto const& known : all_) out.push_back(known.now);
  return out;
}

}  // namespace siren::raids
