#include "core/zone/threats.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace siren {
namespace {

bool same_group(threat const& a, threat const& b) {
  return std::tie(a.by, a.kind, a.alarm) == std::tie(b.by, b.kind, b.alarm);
}

bool earlier(threat const& a, threat const& b) {
  if (!a.arrival || !b.arrival) return a.arrival.has_value();
  return a.arrival->earliest < b.arrival->earliest;
}

int weight_of(issuer by) {
  return by == issuer::official ? 0 : by == issuer::city_operator ? 1 : 2;
}

bool moved(std::optional<arrival_interval> const& before, std::optional<arrival_interval> const& after, utc_time at,
           zone_policy const& policy) {
  if (before.has_value() != after.has_value()) return true;
  if (!before) return false;
  auto const was = std::max(before->earliest, at);
  auto const is = std::max(after->earliest, at);
  auto const shift = std::chrono::abs(was - is);
  return shift > policy.least_shift && shift * 100 > (was - at) * policy.least_shift_percent;
}

bool turned(octant before, octant after) {
  if (before == octant::unknown || after == octant::unknown) return before != after;
  auto const steps = std::abs(static_cast<int>(before) - static_cast<int>(after));
  return std::min(steps, 8 - steps) > 1;
}

}  // namespace

void merge_into(std::vector<placed_threat>& list, placed_threat const& more) {
  auto const at = std::find_if(list.begin(), list.end(),
                               [&](placed_threat const& known) { return same_group(known.shown, more.shown); });
  if (at == list.end()) {
    list.push_back(more);
    return;
  }
  auto& known = at->shown;
  known.asks = std::max(known.asks, more.shown.asks);
  known.why = std::min(known.why, more.shown.why);
  known.entering = std::max(known.entering, more.shown.entering);
  if (earlier(more.shown, known)) {
    known.arrival = more.shown.arrival;
    known.from = more.shown.from;
    at->nearest = more.nearest;
  }
}

void sort_by_urgency(std::vector<placed_threat>& list) {
  std::stable_sort(list.begin(), list.end(), [](placed_threat const& left, placed_threat const& right) {
    auto const& a = left.shown;
    auto const& b = right.shown;
    if (a.asks != b.asks) return a.asks > b.asks;
    if (a.by != b.by) return weight_of(a.by) < weight_of(b.by);
    if (earlier(a, b) != earlier(b, a)) return earlier(a, b);
    return std::tie(a.kind, a.alarm) < std::tie(b.kind, b.alarm);
  });
}

stage highest(std::vector<placed_threat> const& list) {
  auto level = stage::all_clear;
  for (auto const& t : list) level = std::max(level, t.shown.asks);
  return level;
}

difference compare(danger const& before, danger const& after, utc_time at, zone_policy const& policy) {
  if (before.level != after.level || before.partly != after.partly || before.threats.size() != after.threats.size()) {
    return difference::changed;
  }
  auto found = difference::none;
  for (auto const& is : after.threats) {
    auto const was =
        std::find_if(before.threats.begin(), before.threats.end(), [&](threat const& t) { return same_group(t, is); });
    if (was == before.threats.end() || was->issuer_name != is.issuer_name) return difference::changed;
    if (was->asks != is.asks || was->why != is.why || turned(was->from, is.from) ||
        moved(was->arrival, is.arrival, at, policy)) {
      found = difference::refined;
    }
  }
  return found;
}

}  // namespace siren
