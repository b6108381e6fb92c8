#include "feed_adapters/alarm_board.h"

#include <algorithm>
#include <set>

namespace siren {

void alarm_board::restore(told_alarm const& said) {
  key const where{said.region, said.type};
  if (said.active)
    running_.insert_or_assign(where, said);
  else
    ended_.insert_or_assign(where, said.changed_at);
}

void alarm_board::start(told_alarm const& alarm, utc_time now, outcome& into) {
  key const where{alarm.region, alarm.type};
  missing_.erase(where);
  if (running_.contains(where)) return;
  if (running_.size() >= policy_.max_known) {
    into.refused.push_back({reason::message_too_large, "more alarms run than a country has regions"});
    return;
  }
  auto begun = alarm;
  begun.changed_at = std::min(begun.changed_at, now);
  // Listed again after it had ended: said with its old time, it would lose against the end.
  if (auto const ended = ended_.find(where); ended != ended_.end()) {
    if (begun.changed_at <= ended->second) begun.changed_at = std::max(now, ended->second + microseconds{1});
    ended_.erase(ended);
  }
  running_.emplace(where, begun);
  into.changes.push_back(std::move(begun));
}

void alarm_board::end(std::map<key, told_alarm>::iterator at, utc_time ended, outcome& into) {
  auto over = at->second;
  over.active = false;
  over.changed_at = std::max(ended, over.changed_at);
  missing_.erase(at->first);
  if (ended_.size() >= policy_.max_known) ended_.erase(ended_.begin());
  ended_.insert_or_assign(at->first, over.changed_at);
  running_.erase(at);
  into.changes.push_back(std::move(over));
}

void alarm_board::end_missing(std::vector<key> const& gone, utc_time now, steady_time when, outcome& into) {
  bool const many = gone.size() >= policy_.mass &&
                    static_cast<double>(gone.size()) > policy_.mass_share * static_cast<double>(running_.size());
  bool const mass = many || gone.size() == running_.size();
  std::size_t doubted = 0;
  for (auto const& where : gone) {
    auto& absence = missing_.try_emplace(where, when, 0).first->second;
    ++absence.answers;
    bool const sure = absence.answers >= policy_.confirmations && when - absence.since >= policy_.confirm_over;
    if (mass && !sure) {
      ++doubted;
      continue;
    }
    end(running_.find(where), now, into);
  }
  if (doubted > 0)
    into.implausible = failure{reason::implausible, std::to_string(doubted) + " of " + std::to_string(running_.size()) +
                                                        " alarms vanished at once; waiting for more answers"};
}

alarm_board::outcome alarm_board::take(alarm_document const& answer, utc_time now, steady_time when) {
  outcome told;
  std::set<key> listed;
  std::set<zone_id> unread;
  bool all_unread = false;
  for (auto const& entry : answer.refused) {
    told.refused.push_back(entry.because);
    if (entry.region)
      unread.insert(*entry.region);
    else
      all_unread = true;
  }
  for (auto const& alarm : answer.alarms) {
    if (alarm.changed_at > now + policy_.clock_ahead) {
      told.refused.push_back({reason::time_in_future, "an alarm of " + format_utc(alarm.changed_at)});
      unread.insert(alarm.region);
      continue;
    }
    key const where{alarm.region, alarm.type};
    if (!alarm.active) continue;
    listed.insert(where);
    start(alarm, now, told);
  }
  for (auto const& alarm : answer.alarms) {
    key const where{alarm.region, alarm.type};
    auto const running = running_.find(where);
    bool const over = !alarm.active && !listed.contains(where) && alarm.changed_at <= now + policy_.clock_ahead;
    if (over && running != running_.end() && alarm.changed_at >= running->second.changed_at)
      end(running, std::min(alarm.changed_at, now), told);
  }
  if (answer.alarms.empty() && policy_.never_empty) {
    told.believed = false;
    told.implausible =
        failure{reason::implausible, "no alarm is listed while " + std::to_string(running_.size()) + " run"};
    return told;
  }
  std::vector<key> gone;
  std::size_t unknown = 0;
  for (auto const& [where, alarm] : running_) {
    if (listed.contains(where)) continue;
    if (all_unread || unread.contains(where.first))
      ++unknown;
    else
      gone.push_back(where);
  }
  if (unknown > 0)
    told.implausible =
        failure{reason::implausible, std::to_string(unknown) + " alarms are not listed, but may be what can't be read"};
  end_missing(gone, now, when, told);
  return told;
}

std::vector<told_alarm> alarm_board::words() const {
  std::vector<told_alarm> all;
  for (auto const& [where, alarm] : running_) all.push_back(alarm);
  for (auto const& [where, at] : ended_) all.push_back({where.first, where.second, {}, false, at});
  return all;
}

}  // namespace siren
