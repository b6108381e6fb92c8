#include "alert_gateway/alert_board.h"

#include <algorithm>
#include <mutex>

#include "alert_gateway/frames.h"
#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"

namespace siren {
namespace {

std::optional<utc_time> earliest_arrival(alerts::v1::Alert const& from) {
  std::optional<utc_time> first;
  for (auto const& threat : from.threats()) {
    if (!threat.has_arrival() || !threat.arrival().has_earliest_time()) continue;
    auto const at = utc_from_proto(threat.arrival().earliest_time());
    first = first ? std::min(*first, at) : at;
  }
  return first;
}

}  // namespace

alert_board::alert_board(world serves, board_policy ring, log_watch_policy watch)
    : serves_{serves}, board_{encode_entry, ring}, watch_{watch} {}

result<zone_alarm> alert_board::checked(alerts::v1::Alert const& what) const {
  if (what.world() != to_proto(serves_))
    return failure{reason::wrong_mode, "an alert of another world than " + std::string{name_of(serves_)}};
  auto const level = from_proto(what.stage());
  if (!level) return level.error();
  if (what.alert_id().empty() || what.zone_id().empty() || what.rev() == 0)
    return failure{reason::malformed, "an alert without id, zone or revision"};
  return zone_alarm{alert_id{what.alert_id()}, what.rev(), *level, earliest_arrival(what)};
}

result<alert_board::decoded> alert_board::decode(alerts::v1::LoggedAlert const& from) const {
  auto const& what = from.alert();
  auto alarm = checked(what);
  if (!alarm) return alarm.error();
  if (from.cursor().seq() == 0) return failure{reason::malformed, "an alert without a place in the log"};
  decoded one;
  one.entry.at = from_proto(from.cursor());
  one.entry.zone = zone_id{what.zone_id()};
  one.entry.alert = alarm->id;
  one.entry.rev = alarm->rev;
  one.entry.level = alarm->level;
  one.entry.because.trace = trace_id{what.trace_id()};
  if (what.has_observation_received_time())
    one.entry.because.observation_received_at = wall_from_proto(what.observation_received_time());
  one.entry.bytes = std::make_shared<std::string const>(what.SerializeAsString());
  one.alarm = std::move(alarm).value();
  return one;
}

result<alert_board::decoded> alert_board::decode(alert_entry const& from) const {
  auto const logged = logged_alert_of(from);
  if (!logged) return logged.error();
  return decode(*logged);
}

result<board::outcome> alert_board::take(alerts::v1::LoggedAlert const& entry) {
  return take(decode(entry));
}
result<board::outcome> alert_board::take(alert_entry const& entry) {
  return take(decode(entry));
}

result<board::outcome> alert_board::take(result<decoded> one) {
  if (!one) return one.error();
  auto const zone = one->entry.zone;
  auto beyond = beyond_a_gap(one->entry);
  auto const alert = one->entry.bytes;
  auto outcome = board::outcome::ignored;
  auto news = false;
  std::vector<zone_id> followed;
  {
    std::unique_lock const lock{mutex_};
    outcome = board_.apply(one->entry);
    news = outcome == board::outcome::applied;
    if (outcome == board::outcome::read_log) ahead_.keep(one->entry.at, *one);
    if (news) {
      alarms_[zone] = std::move(one->alarm);
      followed = take_ahead();
    }
    if (outcome == board::outcome::read_log || outcome == board::outcome::read_state) {
      beyond.bytes = encode_beyond_a_gap(beyond, *alert);
      news = board_.take_provisional(std::move(beyond));
      if (news) provisional_alarms_[zone] = std::move(one->alarm);
    }
  }
  if (!listeners_.on_news) return outcome;
  if (news) listeners_.on_news(zone);
  for (auto const& other : followed) listeners_.on_news(other);
  return outcome;
}

/// What the bus brought too early and now follows. Returns its zones. Under the lock.
std::vector<zone_id> alert_board::take_ahead() {
  std::vector<zone_id> zones;
  while (auto next = ahead_.take_after(board_.at())) {
    zones.push_back(next->entry.zone);
    alarms_[zones.back()] = std::move(next->alarm);
    board_.apply(std::move(next->entry));
  }
  return zones;
}

result<bool> alert_board::take(alerts::v1::ProvisionalAlert const& from) {
  auto alarm = checked(from.alert());
  if (!alarm) return alarm.error();
  provisional_entry one;
  one.zone = zone_id{from.alert().zone_id()};
  one.alert = alarm->id;
  one.rev = alarm->rev;
  one.level = alarm->level;
  one.after = from_proto(from.after());
  one.because.trace = trace_id{from.alert().trace_id()};
  if (from.alert().has_observation_received_time())
    one.because.observation_received_at = wall_from_proto(from.alert().observation_received_time());
  one.bytes = encode_provisional(from);
  auto const zone = one.zone;
  {
    std::unique_lock const lock{mutex_};
    if (!board_.take_provisional(std::move(one))) return false;
    provisional_alarms_[zone] = std::move(alarm).value();
  }
  if (listeners_.on_news) listeners_.on_news(zone);
  return true;
}

result<bool> alert_board::reset(alert_log_reader::state const& state, std::vector<alert_entry> const& recent) {
  std::unordered_map<zone_id, zone_alarm> alarms;
  std::vector<stream_entry> newest;
  std::vector<stream_entry> before;
  for (auto const& entry : recent) {
    auto one = decode(entry);
    if (!one) return one.error();
    before.push_back(std::move(one->entry));
  }
  for (auto const& entry : state.newest_by_zone) {
    auto one = decode(entry);
    if (!one) return one.error();
    alarms[one->entry.zone] = std::move(one->alarm);
    newest.push_back(std::move(one->entry));
  }
  {
    std::unique_lock const lock{mutex_};
    if (!board_.reset(state.at, std::move(newest), std::move(before))) return false;
    alarms_ = std::move(alarms);
    (void)take_ahead();
  }
  if (listeners_.on_reset) listeners_.on_reset();
  return true;
}

cursor alert_board::at() const {
  std::shared_lock const lock{mutex_};
  return board_.at();
}

bool alert_board::started() const {
  std::shared_lock const lock{mutex_};
  return board_.started();
}

log_watch::need alert_board::on_head(cursor covered_when_asked, steady_time asked_at, head_reading const& read) {
  std::unique_lock const lock{mutex_};
  auto const need = watch_.on_head(board_, covered_when_asked, asked_at, read);
  if (need == log_watch::need::nothing && !watch_.went_back()) board_.on_reading(watch_.engine_lives());
  return need;
}

log_watch::view alert_board::log_at(steady_time now) const {
  std::shared_lock const lock{mutex_};
  return watch_.at(now, board_.at());
}

bool alert_board::log_went_back() const {
  std::shared_lock const lock{mutex_};
  return watch_.went_back();
}

std::optional<stream_send> alert_board::next(phone_session& session, steady_time now) const {
  std::shared_lock const lock{mutex_};
  return session.next(board_, watch_.at(now, board_.at()), now);
}

std::optional<zone_alarm> alert_board::alarm_in(zone_id const& zone) const {
  std::shared_lock const lock{mutex_};
  if (board_.provisional().of(zone)) return provisional_alarms_.at(zone);
  auto const found = alarms_.find(zone);
  return found == alarms_.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace siren
