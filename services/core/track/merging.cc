#include "core/track/merging.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <span>
#include <tuple>
#include <vector>

namespace siren {
namespace {

/// The fresher state taken as a measurement of the staler one, under either of its models. Its own correlation of place
/// and speed is left out, which makes the test a little stricter along the way of flight.
bool same_state(tracked const& a, tracked const& b, track_policy const& policy) {
  auto const& stale = a.flight.at <= b.flight.at ? a : b;
  auto const& fresh = a.flight.at <= b.flight.at ? b : a;
  auto const then = flown(stale.flight, fresh.flight.at, flight_rules(policy, stale.now.kind));
  auto const& seen = fresh.believed;
  plane_point const there = local_plane{then.place}.to_plane(fresh.flight.place);
  auto const& p = seen.covariance;
  measurement const place{measured_part::position, {there.east.value, there.north.value}, {p[0], p[1], p[4], p[5]}};
  measurement const motion{measured_part::velocity, {seen.mean[2], seen.mean[3]}, {p[10], p[11], p[14], p[15]}};
  return std::any_of(then.models.modes.begin(), then.models.modes.end(), [&](kalman_state const& model) {
    auto const near = innovate(model, place);
    if (near.mahalanobis_squared > policy.gate_merge) return false;
    auto const alike = innovate(updated(model, place, near), motion);
    return near.mahalanobis_squared + alike.mahalanobis_squared <= policy.gate_merge;
  });
}

/// Reports of one source in two tracks, from when both were there, in order of time.
struct told {
  report_stamp const* stamp;
  bool of_first;
};

std::vector<told> told_of_both(tracked const& a, tracked const& b) {
  std::vector<told> out;
  if (a.past.empty() || b.past.empty()) return out;
  auto const since = std::max(a.past.front().stamp.at, b.past.front().stamp.at);
  for (auto const* one : {&a, &b})
    for (auto const& look : one->past)
      if (look.stamp.at >= since && !look.stamp.grouped) out.push_back({&look.stamp, one == &a});
  std::sort(out.begin(), out.end(), [](told const& x, told const& y) {
    return std::tie(x.stamp->measured_by, x.stamp->at, y.of_first) <
           std::tie(y.stamp->measured_by, y.stamp->at, x.of_first);
  });
  return out;
}

/// From report to report of this source about one of the two; at least once in a turn it tells each object only once.
microseconds turn_of(std::span<told const> by_source) {
  auto least = microseconds::max();
  for (std::size_t i = 0; i < by_source.size(); ++i)
    for (std::size_t j = i + 1; j < by_source.size(); ++j) {
      if (by_source[i].of_first != by_source[j].of_first) continue;
      least = std::min(least, microseconds{by_source[j].stamp->at - by_source[i].stamp->at});
      break;
    }
  return least;
}

/// ln of the odds of two objects against one, by how often the source told of both in one turn. Of two it would in four
/// of five turns in which it told of any, missing a tenth of each; of one it does when a stray or a neighbour's report
/// went to one of the tracks. A report that both share tells nothing.
double odds_of_two(std::span<told const> by_source) {
  constexpr double kBoth = 2.1;   // ln 0.82 / 0.10
  constexpr double kAlone = 1.6;  // ln 0.90 / 0.18
  auto const turn = turn_of(by_source);
  double odds = 0.0;
  for (std::size_t i = 0; i < by_source.size(); ++i) {
    auto const& one = by_source[i];
    if (i + 1 < by_source.size() && by_source[i + 1].of_first != one.of_first) {
      auto const& other = by_source[i + 1];
      auto const apart = other.stamp->at - one.stamp->at;
      bool const together = apart == microseconds{0} || (turn != microseconds::max() && apart < turn * 6 / 10);
      if (together) {
        if (!same_report(*one.stamp, *other.stamp)) odds += kBoth;
        ++i;
        continue;
      }
    }
    odds -= kAlone;
  }
  return odds;
}

bool told_apart(tracked const& a, tracked const& b) {
  auto const all = told_of_both(a, b);
  double odds = 0.0;
  for (auto first = all.begin(); first != all.end();) {
    auto const last = std::find_if(
        first, all.end(), [&](told const& one) { return one.stamp->measured_by != first->stamp->measured_by; });
    odds += odds_of_two({first, last});
    first = last;
  }
  return odds > 0.0;
}

bool one_object(tracked const& a, tracked const& b, track_policy const& policy) {
  return compatible(a.now.kind, b.now.kind) && same_state(a, b, policy) && !told_apart(a, b);
}

/// Each report went to one of the two, so that together they are what one track would have had.
void join(tracked& kept, tracked const& gone, track_policy const& policy) {
  bool const fresher = gone.now.updated_at > kept.now.updated_at;
  for (std::size_t c = 1; c < kThreatClasses; ++c) kept.kinds.log_odds[c] += gone.kinds.log_odds[c];
  double const best = *std::max_element(kept.kinds.log_odds.begin() + 1, kept.kinds.log_odds.end());
  for (std::size_t c = 1; c < kThreatClasses; ++c)
    kept.kinds.log_odds[c] = std::max(kept.kinds.log_odds[c] - best, policy.least_log_odds);
  kept.named = kept.named || gone.named;
  kept.now.kind = std::max(kept.now.kind, gone.now.kind);  // enumerators of a family stand in order of speed
  kept.now.count = std::max(kept.now.count, gone.now.count);
  kept.now.confirmed = kept.now.confirmed || gone.now.confirmed;
  kept.now.born_at = std::min(kept.now.born_at, gone.now.born_at);
  kept.hits += gone.hits;
  std::vector<source_id> sources;
  std::set_union(kept.now.sources.begin(), kept.now.sources.end(), gone.now.sources.begin(), gone.now.sources.end(),
                 std::back_inserter(sources));
  kept.now.sources = std::move(sources);
  if (fresher) kept.now.trace = gone.now.trace, kept.now.received_at = gone.now.received_at;
  if (gone.past.empty() && fresher) set_flight(kept, gone.flight);  // both from before a restart
  take_looks(kept, gone.past, policy);
  if (supported(kept, policy)) kept.now.confirmed = true;
  publish(kept, policy);
}

}  // namespace

void merge_duplicates(picture_change& change, std::size_t tracks, utc_time now) {
  auto const& policy = change.policy();
  double const wider = std::sqrt(policy.gate_merge / std::min(policy.gate_position, policy.gate_position_velocity));
  change.refresh(now);
  std::vector<bool> gone(tracks, false);
  std::vector<std::uint32_t> near;
  for (std::uint32_t older = 0; older < tracks; ++older) {
    if (gone[older] || change.ended(older)) continue;
    change.neighbours(older, wider, near);
    for (auto const younger : near) {
      if (younger <= older || gone[younger] || gone[older]) continue;
      if (!change.at(older).fresh && !change.at(younger).fresh) continue;
      if (!one_object(change.at(older), change.at(younger), policy)) continue;
      bool const keep_younger = change.at(younger).now.confirmed && !change.at(older).now.confirmed;
      auto const kept = keep_younger ? younger : older;
      auto const lost = keep_younger ? older : younger;
      join(change.at(kept), change.at(lost), policy);
      gone[lost] = true;
      change.touch(kept);
      change.end(lost, track_end::merged);
    }
  }
  for (std::uint32_t slot = 0; slot < tracks; ++slot) change.at(slot).fresh = false;
}

}  // namespace siren
