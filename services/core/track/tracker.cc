#include "core/track/tracker.h"

#include <algorithm>

#include "core/track/association.h"
#include "core/track/merging.h"

namespace siren {
namespace {

using tracks = std::vector<tracked>;

bool reported_then(tracked const& t, observation const& report) {
  return std::find(t.recent.begin(), t.recent.end(), report_stamp{report.source, report.observed_at}) != t.recent.end();
}

tracks::iterator nearest_within(gate_kind gate, picture& state, observation const& report, track_policy const& policy) {
  auto best = state.tracks.end();
  double best_cost = 0.0;
  for (auto candidate = state.tracks.begin(); candidate != state.tracks.end(); ++candidate) {
    if (gate == gate_kind::turned && report.observed_at < candidate->now.updated_at) continue;
    auto const cost = association_cost(candidate->now, report, gate, policy);
    if (!cost || (best != state.tracks.end() && *cost >= best_cost)) continue;
    if (report.status == object_status::active && reported_then(*candidate, report)) continue;
    best = candidate;
    best_cost = *cost;
  }
  return best;
}

tracks::iterator nearest(picture& state, observation const& report, track_policy const& policy) {
  auto const best = nearest_within(gate_kind::whole, state, report, policy);
  if (best != state.tracks.end() || !report.velocity) return best;
  return nearest_within(gate_kind::turned, state, report, policy);
}

void note_report(tracked& t, observation const& report, track_policy const& policy) {
  t.recent.push_back({report.source, report.observed_at});
  if (t.recent.size() > policy.recent_reports) t.recent.erase(t.recent.begin());
  auto const source = std::lower_bound(t.now.sources.begin(), t.now.sources.end(), report.source);
  if (source == t.now.sources.end() || *source != report.source) t.now.sources.insert(source, report.source);
}

void confirm_if_supported(tracked& t, track_policy const& policy) {
  if (t.hits >= traits_of(policy.classes, t.now.kind).confirm_hits) t.now.confirmed = true;
}

track_change end_track(picture& state, tracks::iterator which, track_end why) {
  track_change change{which->now, why};
  state.tracks.erase(which);
  return change;
}

void remember_destroyed(picture& state, track const& gone, track_policy const& policy) {
  if (state.destroyed.size() >= policy.max_tracks) state.destroyed.erase(state.destroyed.begin());
  state.destroyed.push_back(gone);
}

/// A late report from before an object's destruction is no new object.
bool of_destroyed(picture const& state, observation const& report, track_policy const& policy) {
  return std::any_of(state.destroyed.begin(), state.destroyed.end(), [&](track const& gone) {
    return report.observed_at <= gone.updated_at &&
           association_cost(gone, report, gate_kind::whole, policy).has_value();
  });
}

tracks::iterator least_missed(tracks& all) {
  return std::min_element(all.begin(), all.end(), [](tracked const& a, tracked const& b) {
    if (a.now.confirmed != b.now.confirmed) return b.now.confirmed;
    return a.now.updated_at < b.now.updated_at;
  });
}

std::vector<track_change> bear(picture& state, observation const& report, track_policy const& policy) {
  std::vector<track_change> changes;
  if (state.tracks.size() >= policy.max_tracks)
    changes.push_back(end_track(state, least_missed(state.tracks), track_end::coasted_out));
  tracked fresh;
  fresh.now = born(track_id{state.next_id++}, report, policy);
  fresh.hits = 1;
  note_report(fresh, report, policy);
  confirm_if_supported(fresh, policy);
  changes.push_back({fresh.now, track_end::none});
  state.tracks.push_back(std::move(fresh));
  return changes;
}

std::vector<track_change> take_destroyed(picture& state, tracks::iterator which, observation const& report,
                                         track_policy const& policy) {
  which->now = absorbed(which->now, report, policy);
  note_report(*which, report, policy);
  if (report.count < which->now.count) {
    which->now.count -= report.count;
    return {{which->now, track_end::none}};
  }
  remember_destroyed(state, which->now, policy);
  return {end_track(state, which, track_end::destroyed)};
}

std::vector<track_change> take_report(picture& state, observation const& report, track_policy const& policy) {
  auto const which = nearest(state, report, policy);
  if (which == state.tracks.end()) {
    if (report.status != object_status::active || of_destroyed(state, report, policy)) return {};
    return bear(state, report, policy);
  }
  if (report.status == object_status::destroyed) return take_destroyed(state, which, report, policy);
  if (report.status == object_status::lost) {
    if (which->now.sources != std::vector{report.source}) return {};
    return {end_track(state, which, track_end::coasted_out)};
  }
  if (report.observed_at + policy.reorder_limit < which->now.updated_at) return {};
  which->now = absorbed(which->now, report, policy);
  which->now.count = std::max(which->now.count, report.count);
  ++which->hits;
  note_report(*which, report, policy);
  confirm_if_supported(*which, policy);
  return {{which->now, track_end::none}};
}

std::vector<track_change> pass_time(picture& state, utc_time now, track_policy const& policy) {
  std::vector<track_change> changes;
  std::erase_if(state.tracks, [&](tracked const& t) {
    class_traits const& traits = traits_of(policy.classes, t.now.kind);
    bool const over = now - t.now.updated_at > (t.now.confirmed ? traits.coast_limit : traits.tentative_limit);
    if (over) changes.push_back({t.now, track_end::coasted_out});
    return over;
  });
  for (track_change& change : merge_duplicates(state, policy)) changes.push_back(std::move(change));
  std::sort(changes.begin(), changes.end(),
            [](track_change const& a, track_change const& b) { return a.now.id < b.now.id; });
  std::erase_if(state.destroyed, [&](track const& gone) { return now - gone.updated_at > policy.reorder_limit; });
  return changes;
}

}  // namespace

std::vector<track_change> apply(picture& state, picture_event const& event, track_policy const& policy) {
  if (auto const* report = std::get_if<observation>(&event)) return take_report(state, *report, policy);
  return pass_time(state, std::get<tick>(event).now, policy);
}

}  // namespace siren
