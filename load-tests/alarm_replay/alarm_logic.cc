#include "alarm_replay/alarm_logic.h"

#include <iterator>
#include <optional>

namespace siren::replay {

void alarm_logic::take(region_alarm const& said, std::vector<alert>& told) {
  for (auto const& change : apply(picture_, said, zones_, policy_))
    for (auto& one : apply(book_, change, alerts_)) told.push_back(std::move(one));
}

std::map<zone_id, plain_state> alarm_logic::states() const {
  std::map<zone_id, plain_state> states;
  for (auto const& z : zones_.all()) {
    auto const open = book_.open.find(z.id);
    states[z.id] = open == book_.open.end() ? plain_state::clear
                   : open->second.partly    ? plain_state::partly
                                            : plain_state::whole;
  }
  return states;
}

namespace {

struct open_alert {
  alert_id id;
  std::uint32_t rev = 0;
  utc_time raised;
  std::optional<utc_time> whole_since;
};

/// A spell that begins where the last one ended goes on.
void add(std::vector<spell>& spells, utc_time from, utc_time to) {
  if (from == to) return;
  if (!spells.empty() && spells.back().to == from)
    spells.back().to = to;
  else
    spells.push_back({from, to});
}

}  // namespace

told_history history_of(std::vector<alert> const& told, alarm_history const& zones) {
  told_history out;
  for (auto const& z : zones.zones) out.spells[z.id];
  std::map<zone_id, open_alert> open;
  for (auto const& one : told) {
    auto& spells = out.spells[one.zone];
    auto at = open.find(one.zone);
    if (one.rev == 1) {
      ++out.raised;
      if (at != open.end() || one.ended()) ++out.broken;
      at = open.insert_or_assign(one.zone, open_alert{one.id, 0, one.changed_at, std::nullopt}).first;
    }
    if (at == open.end() || at->second.id != one.id || at->second.rev + 1 != one.rev) {
      ++out.broken;
      continue;
    }
    auto& running = at->second;
    running.rev = one.rev;
    auto const whole = !one.ended() && !one.partly;
    if (whole && !running.whole_since) running.whole_since = one.changed_at;
    if (!whole && running.whole_since) {
      add(spells.whole, *running.whole_since, one.changed_at);
      running.whole_since.reset();
    }
    if (!one.ended()) continue;
    ++out.ended;
    add(spells.any, running.raised, one.changed_at);
    open.erase(at);
  }
  return out;
}

}  // namespace siren::replay
