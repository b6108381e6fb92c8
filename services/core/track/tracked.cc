#include "core/track/tracked.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>
#include <utility>

namespace siren {
namespace {

/// Fowler, Noll & Vo, FNV-1a.
std::uint64_t short_name(std::string_view text) {
  if (text.empty()) return 0;
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;
  for (unsigned char const c : text) hash = (hash ^ c) * 1'099'511'628'211ULL;
  return hash;
}

bool comes_before(past_look const& a, past_look const& b) {
  return std::tie(a.stamp.at, a.stamp.measured_by, a.stamp.name) <
         std::tie(b.stamp.at, b.stamp.measured_by, b.stamp.name);
}

/// Runs `past` again from this entry on.
void run_again(tracked& t, std::size_t from, track_policy const& policy) {
  auto const rules = flight_rules(policy, t.now.kind);
  for (std::size_t i = from; i < t.past.size(); ++i) {
    auto& look = t.past[i];
    look.after = i == 0 ? flight_from(look.readings.all().front().seen, look.stamp.at,
                                      traits_of(policy.classes, t.now.kind), rules)
                        : taken(flown(t.past[i - 1].after, look.stamp.at, rules), look.readings.all(), policy);
  }
  set_flight(t, t.past.back().after);
}

/// The same flight seen with time running backwards.
flight_state mirrored(flight_state flight) {
  for (auto& model : flight.models.modes)
    for (std::size_t row = 0; row < 4; ++row) {
      if (row >= 2) model.mean[row] = -model.mean[row];
      for (std::size_t column = 0; column < 4; ++column)
        if ((row < 2) != (column < 2)) model.covariance[row * 4 + column] = -model.covariance[row * 4 + column];
    }
  return flight;
}

void forget_oldest(tracked& t, track_policy const& policy) {
  if (t.past.size() <= policy.kept_reports) return;
  // A quarter at a time, so that not every report moves all of them.
  auto const gone = t.past.size() - policy.kept_reports * 3 / 4;
  t.past.erase(t.past.begin(), t.past.begin() + static_cast<std::ptrdiff_t>(gone));
  t.from_birth = false;
}

}  // namespace

report_stamp stamp_of(observation const& report) {
  return {short_name(report.measured_by().value),
          short_name(report.native_id),
          report.observed_at,
          report.position,
          !report.origin.value.empty() && report.origin != report.source,
          report.count > 1};
}

bool same_look(report_stamp const& a, report_stamp const& b) {
  return a.measured_by == b.measured_by && a.at == b.at;
}

bool same_report(report_stamp const& a, report_stamp const& b) {
  return same_look(a, b) && a.name == b.name && a.place == b.place;
}

bool copies(report_stamp const& a, report_stamp const& b, track_policy const& policy) {
  if (!same_look(a, b) || !(a.relayed || b.relayed)) return false;
  if (a.name != 0 && a.name == b.name) return true;
  return distance(a.place, b.place) <= policy.copy_distance;
}

void set_flight(tracked& t, flight_state const& now) {
  t.flight = now;
  t.believed = as_one(now);
}

tracked resumed(track const& kept, track_policy const& policy) {
  tracked out;
  out.now = kept;
  out.kinds = class_belief_of(kept.kind, policy);
  out.named = kept.kind != threat_class::unknown;
  out.hits = kept.confirmed ? traits_of(policy.classes, kept.kind).confirm_hits : 1;
  set_flight(out, flight_from(kept, flight_rules(policy, kept.kind)));
  out.shares = shares_of(out.kinds, out.believed, policy);
  return out;
}

tracked born(track_id id, observation const& report, track_policy const& policy) {
  tracked out;
  out.now.id = id;
  out.now.kind = report.kind;
  out.now.count = report.count;
  out.now.born_at = report.observed_at;
  out.now.updated_at = report.observed_at;
  out.from_birth = true;
  out.past.push_back({stamp_of(report), look_readings{weighted_reading{reading_of(report, policy), 1.0}}, {}});
  run_again(out, 0, policy);
  note_report(out, report, policy);
  publish(out, policy);
  return out;
}

flight_state flight_at(tracked const& t, utc_time at, track_policy const& policy) {
  auto const rules = flight_rules(policy, t.now.kind);
  if (at >= t.flight.at) return flown(t.flight, at, rules);
  auto const next = std::upper_bound(t.past.begin(), t.past.end(), at,
                                     [](utc_time when, past_look const& look) { return when < look.stamp.at; });
  if (next != t.past.begin()) return flown(std::prev(next)->after, at, rules);
  auto const& first = t.past.empty() ? t.flight : t.past.front().after;
  auto back = mirrored(first);
  back = flown(back, first.at + (first.at - at), rules);
  back = mirrored(back);
  back.at = at;
  return back;
}

bool take_look(tracked& t, past_look look, flight_state const& then, track_policy const& policy) {
  // After a restart the flight that was kept stands for everything before.
  if (t.past.empty() && look.stamp.at < t.flight.at) return false;
  // From the newest on: that is where it belongs, nearly always.
  auto next = t.past.end();
  while (next != t.past.begin() && comes_before(look, *std::prev(next))) --next;
  if (next == t.past.end()) {
    look.after = taken(then, look.readings.all(), policy);
    set_flight(t, look.after);
    t.past.push_back(std::move(look));
  } else {
    if (next == t.past.begin() && !t.from_birth) return false;
    auto const at = static_cast<std::size_t>(next - t.past.begin());
    t.past.insert(next, std::move(look));
    run_again(t, at, policy);
  }
  forget_oldest(t, policy);
  return true;
}

void take_looks(tracked& t, std::span<past_look const> looks, track_policy const& policy) {
  std::size_t from = ~std::size_t{0};
  for (auto const& look : looks) {
    if (t.past.empty()) {
      take_look(t, look, flight_at(t, look.stamp.at, policy), policy);
      continue;
    }
    auto const next = std::upper_bound(t.past.begin(), t.past.end(), look, comes_before);
    if (next == t.past.begin() && !t.from_birth) continue;
    from = std::min(from, static_cast<std::size_t>(next - t.past.begin()));
    t.past.insert(next, look);
  }
  if (from >= t.past.size()) return;
  run_again(t, from, policy);
  forget_oldest(t, policy);
}

bool supported(tracked const& t, track_policy const& policy) {
  auto const& traits = traits_of(policy.classes, t.now.kind);
  if (t.hits < traits.confirm_hits) return false;
  if (t.past.size() < traits.confirm_hits) return true;  // looks of a life before a restart, or kept no longer
  auto const& first = t.past[t.past.size() - traits.confirm_hits];
  return t.past.back().stamp.at - first.stamp.at <= traits.tentative_limit;
}

void note_report(tracked& t, observation const& report, track_policy const& policy) {
  ++t.hits;
  t.named = t.named || report.kind != threat_class::unknown;
  hear(t.kinds, report, policy);
  t.shares = shares_of(t.kinds, t.believed, policy);
  t.now.kind = judged_class({t.now.kind, t.named, t.now.confirmed}, t.shares, policy);
  t.now.born_at = std::min(t.now.born_at, report.observed_at);
  auto const& by = report.measured_by();
  auto const source = std::lower_bound(t.now.sources.begin(), t.now.sources.end(), by);
  if (source == t.now.sources.end() || *source != by) t.now.sources.insert(source, by);
  if (supported(t, policy)) t.now.confirmed = true;
  if (report.observed_at < t.now.updated_at) return;
  t.now.trace = report.trace;
  t.now.received_at = report.received_at;
}

void publish(tracked& t, track_policy const& policy) {
  auto const& state = t.believed;
  double const speed = std::hypot(state.mean[2], state.mean[3]);
  double const most = traits_of(policy.classes, t.now.kind).max_speed.value;
  double const scale = speed > most ? most / speed : 1.0;
  t.now.position = t.flight.place;
  t.now.velocity = {meters_per_second{state.mean[2] * scale}, meters_per_second{state.mean[3] * scale}};
  t.now.covariance = state.covariance;
  t.now.updated_at = t.flight.at;
}

}  // namespace siren
