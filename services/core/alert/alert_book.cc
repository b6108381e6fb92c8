#include "core/alert/alert_book.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace siren {
namespace {

std::vector<threat> most_urgent(std::vector<threat> const& all, std::size_t most) {
  auto const kept = std::min(all.size(), most);
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept)};
}

/// In whole milliseconds and later than the zone's last one.
utc_time id_time(alert_book& book, zone_id const& zone, utc_time raised) {
  auto time = std::chrono::floor<milliseconds>(raised);
  auto const [last, first] = book.last_id_time.try_emplace(zone, time);
  if (!first) last->second = std::max<utc_time>(time, last->second + milliseconds{1});
  return last->second;
}

alert_id id_of(zone_id const& zone, utc_time time) {
  auto const ms = std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
  return alert_id{zone.value + "@" + std::to_string(ms)};
}

bool shows_the_same(alert const& a, alert const& b) {
  return a.level == b.level && a.partly == b.partly && a.threats == b.threats;
}

}  // namespace

std::vector<alert> apply(alert_book& book, danger_change const& change, alert_policy const& policy) {
  auto const& now = change.now;
  auto const known = book.open.find(now.zone);
  if (known == book.open.end() && now.level == stage::all_clear) return {};
  alert next;
  next.zone = now.zone;
  next.level = now.level;
  next.partly = now.partly;
  next.threats = most_urgent(now.threats, policy.most_threats);
  next.changed_at = change.at;
  next.because = change.because;
  if (known == book.open.end()) {
    next.raised_at = change.at;
    next.id = id_of(now.zone, id_time(book, now.zone, change.at));
    book.open.emplace(now.zone, next);
    return {next};
  }
  if (shows_the_same(known->second, next)) return {};
  next.id = known->second.id;
  next.rev = known->second.rev + 1;
  next.raised_at = known->second.raised_at;
  next.changed_at = std::max(next.changed_at, known->second.changed_at);
  if (next.ended()) {
    book.open.erase(known);
  } else {
    known->second = next;
  }
  return {next};
}

std::vector<alert> end_gone(alert_book& book, zone_map const& zones, utc_time now) {
  std::vector<danger_change> gone;
  for (auto const& [zone, open] : book.open)
    if (zones.find(zone) == nullptr) gone.push_back({{zone, stage::all_clear, false, {}}, open.level, now, {}});
  std::vector<alert> ended;
  for (auto const& change : gone)
    for (auto& last : apply(book, change, {})) ended.push_back(std::move(last));
  return ended;
}

void restore(alert_book& book, std::vector<alert> const& logged) {
  std::map<alert_id, alert> newest;
  for (auto const& a : logged) {
    auto const [known, first] = newest.try_emplace(a.id, a);
    if (!first && a.rev > known->second.rev) known->second = a;
  }
  for (auto const& [id, a] : newest) {
    auto const raised = std::chrono::floor<milliseconds>(a.raised_at);
    auto const [last, first] = book.last_id_time.try_emplace(a.zone, raised);
    last->second = std::max<utc_time>(last->second, raised);
    if (!a.ended()) book.open.insert_or_assign(a.zone, a);
  }
}

}  // namespace siren
