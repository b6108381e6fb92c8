#include "raid_trial/picture_score.h"

#include <algorithm>
#include <cmath>

#include "core/track/class_belief.h"
#include "core/track/linear_assignment.h"

namespace siren::raids {
namespace {

double apart(plane_point a, plane_point b) {
  return std::hypot((a.east - b.east).value, (a.north - b.north).value);
}

double over(double sum, std::size_t count) {
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

}  // namespace

picture_score::picture_score(std::vector<true_object> const& truth, std::vector<std::optional<double>> first_seen)
    : truth_{truth}, first_seen_{std::move(first_seen)}, track_of_(truth.size()), delay_(truth.size()) {}

void picture_score::add(std::int64_t second, std::span<track const> confirmed) {
  local_plane const plane{kRaidCentre};
  std::vector<plane_point> places;
  for (auto const& t : confirmed) places.push_back(plane.to_plane(t.position));
  std::vector<std::size_t> flying;
  std::vector<plane_point> true_places;
  for (std::size_t i = 0; i < truth_.size(); ++i) {
    if (!truth_[i].flies_at(static_cast<double>(second))) continue;
    flying.push_back(i);
    true_places.push_back(truth_[i].at(static_cast<double>(second)).place);
  }
  if (second % kDistancesEvery == 0 && (!places.empty() || !true_places.empty())) {
    auto const apart_by = picture_metrics::distances_of(places, true_places, {});
    auto const& parts = apart_by.gospa;
    ospa_ += apart_by.ospa.value;
    gospa_ += parts.distance.value;
    localisation_ += parts.localisation;
    pairs_ += true_places.size() - parts.missed_count;
    missed_ += parts.missed_count;
    false_ += parts.false_count;
    ++seconds_;
    auto const minute = static_cast<std::size_t>(second / 60);
    if (minutes_.size() <= minute) minutes_.resize(minute + 1);
    minutes_[minute].sum += parts.distance.value;
    ++minutes_[minute].seconds;
  }
  match(confirmed, places, flying, true_places);
  note_matches(second, confirmed);
}

void picture_score::match(std::span<track const> tracks, std::span<plane_point const> places,
                          std::span<std::size_t const> flying, std::span<plane_point const> true_places) {
  std::map<track_id, std::size_t> now;
  std::vector<bool> track_taken(tracks.size(), false);
  std::vector<bool> object_taken(flying.size(), false);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    auto const known = object_of_.find(tracks[i].id);
    if (known == object_of_.end()) continue;
    auto const at = std::lower_bound(flying.begin(), flying.end(), known->second);
    if (at == flying.end() || *at != known->second) continue;
    auto const j = static_cast<std::size_t>(at - flying.begin());
    if (apart(places[i], true_places[j]) > kSameObject.value) continue;
    now[tracks[i].id] = known->second;
    track_taken[i] = object_taken[j] = true;
  }
  std::vector<pairing> near;
  for (std::uint32_t i = 0; i < tracks.size(); ++i)
    for (std::uint32_t j = 0; j < flying.size(); ++j) {
      if (track_taken[i] || object_taken[j]) continue;
      if (auto const d = apart(places[i], true_places[j]); d <= kSameObject.value) near.push_back({i, j, d});
    }
  auto const pairs = least_cost_assignment(static_cast<std::uint32_t>(tracks.size()),
                                           static_cast<std::uint32_t>(flying.size()), near, kSameObject.value * 2.0);
  for (auto const& one : near)
    if (pairs[one.row] == one.column) now[tracks[one.row].id] = flying[one.column];
  object_of_ = std::move(now);
}

void picture_score::note_matches(std::int64_t second, std::span<track const> tracks) {
  for (auto const& t : tracks) {
    auto const at = object_of_.find(t.id);
    if (at == object_of_.end()) continue;
    auto const object = at->second;
    ++seconds_of_[t.id][object];
    ++matched_;
    auto const truly = truth_[object].kind;
    if (t.kind != truly) ++wrong_;
    if (t.kind != threat_class::unknown && !compatible(t.kind, truly)) ++wrong_family_;
    if (track_of_[object] && *track_of_[object] != t.id) ++breaks_;
    track_of_[object] = t.id;
    if (!delay_[object] && first_seen_[object]) delay_[object] = static_cast<double>(second) - *first_seen_[object];
  }
}

picture_figures picture_score::figures() const {
  picture_figures out;
  out.ospa_m = over(ospa_, seconds_);
  out.gospa_m = over(gospa_, seconds_);
  out.localisation_m = std::sqrt(over(localisation_, pairs_));
  out.missed = over(static_cast<double>(missed_), seconds_);
  out.false_tracks = over(static_cast<double>(false_), seconds_);
  std::size_t of_main = 0;
  for (auto const& [id, objects] : seconds_of_) {
    std::size_t most = 0;
    for (auto const& [object, seconds] : objects) most = std::max(most, seconds);
    of_main += most;
  }
  out.purity = over(static_cast<double>(of_main), matched_);
  out.breaks = over(static_cast<double>(breaks_), truth_.size());
  out.wrong_class = over(static_cast<double>(wrong_), matched_);
  out.wrong_family = over(static_cast<double>(wrong_family_), matched_);
  std::size_t tracked = 0;
  double sum = 0.0;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < truth_.size(); ++i) {
    if (first_seen_[i]) ++seen;
    if (!delay_[i]) continue;
    ++tracked;
    sum += *delay_[i];
  }
  out.first_track_s = over(sum, tracked);
  out.never_tracked = static_cast<double>(seen - tracked);
  for (auto const& one : minutes_) out.gospa_by_minute.push_back(over(one.sum, one.seconds));
  return out;
}

}  // namespace siren::raids
