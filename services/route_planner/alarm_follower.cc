#include "route_planner/alarm_follower.h"

#include "common/convert/alert_convert.h"
#include "common/convert/base_convert.h"
#include "common/log.h"

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

alarm_follower::alarm_follower(alert_log_reader& log, world serves, listener on_change)
    : alarm_follower{log, serves, std::move(on_change), options{}} {}

alarm_follower::alarm_follower(alert_log_reader& log, world serves, listener on_change, options chosen)
    : log_{log}, serves_{serves}, on_change_{std::move(on_change)}, options_{chosen} {
  thread_ = std::thread{[this] { run(); }};
}

alarm_follower::~alarm_follower() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void alarm_follower::poke() {
  {
    std::lock_guard const lock{mutex_};
    poked_ = true;
  }
  wake_.notify_all();
}

void alarm_follower::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    poked_ = false;
    lock.unlock();
    poll();
    if (std::exchange(changed_, false)) on_change_(alarms_);
    lock.lock();
    wake_.wait_for(lock, options_.poll, [this] { return poked_ || stopping_; });
  }
}

void alarm_follower::poll() {
  auto const read = log_.head();
  result<void> done;
  if (!read) {
    done = read.error();
  } else if (!started_ || read->head.epoch != at_.epoch || read->head.seq < at_.seq) {
    done = take_state();
  } else if (read->head.seq > at_.seq) {
    done = catch_up();
  }
  if (done.ok() == works_) return;
  works_ = done.ok();
  if (works_)
    log(log_level::info, "alarms_read_again");
  else
    log(log_level::warn, "alarms_unreadable", {{"error", done.error().message}});
}

result<void> alarm_follower::catch_up() {
  while (true) {
    auto const entries = log_.read_after(at_, options_.read_at_once);
    if (!entries) return entries.error().why == reason::schema_mismatch ? take_state() : result<void>{entries.error()};
    for (auto const& entry : *entries) {
      take(entry);
      at_ = {entry.epoch, entry.seq};
    }
    if (entries->size() < options_.read_at_once) return {};
  }
}

result<void> alarm_follower::take_state() {
  auto const state = log_.read_state();
  if (!state) return state.error();
  alarms_.clear();
  started_ = changed_ = true;
  at_ = state->at;
  for (auto const& entry : state->newest_by_zone) take(entry);
  return {};
}

void alarm_follower::take(alert_entry const& entry) {
  alerts::v1::Alert alert;
  if (!alert.ParseFromString(entry.bytes) || alert.world() != to_proto(serves_)) {
    log(log_level::error, "alert_refused", {{"alert", entry.alert.value}, {"seq", entry.seq}});
    return;
  }
  auto const level = from_proto(alert.stage());
  // What can't be understood is an alarm without a deadline: people are planned for, nobody is told to hurry.
  zone_alarm const now{level ? *level : stage::go, alert.partly(), earliest_arrival(alert)};
  auto& kept = alarms_[entry.zone];
  changed_ = changed_ || kept != now;
  kept = now;
}

}  // namespace siren
