#include "alert_gateway/alert_follower.h"

#include "common/clock.h"
#include "common/log.h"
#include "core/base/verify.h"

namespace siren {

alert_follower::alert_follower(alert_log_reader& log, alert_board& board, gateway_metrics& measured,
                               follower_options options, std::function<void()> on_read)
    : log_{log}, board_{board}, measured_{measured}, options_{options}, on_read_{std::move(on_read)} {
  thread_ = std::thread{[this] { run(); }};
}

alert_follower::~alert_follower() {
  stop();
}

void alert_follower::stop() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void alert_follower::read_soon() {
  {
    std::lock_guard const lock{mutex_};
    soon_ = true;
  }
  wake_.notify_all();
}

void alert_follower::heard(std::string const& logged_alert) {
  alerts::v1::LoggedAlert entry;
  if (!entry.ParseFromString(logged_alert)) {
    measured_.refused(reason::malformed).Increment();
    return;
  }
  auto const taken = board_.take(entry);
  if (!taken) {
    measured_.refused(taken.error().why).Increment();
    log(log_level::error, "bus_entry_refused", {{"why", taken.error().message}, {"seq", entry.cursor().seq()}});
    return;
  }
  if (*taken == board::outcome::applied) {
    measured_.entries.Increment();
    log(log_level::info, "alert_taken",
        {{"seq", entry.cursor().seq()}, {"alert", entry.alert().alert_id()}, {"from", "bus"}},
        trace_id{entry.alert().trace_id()});
  } else if (*taken != board::outcome::ignored) {
    measured_.gaps.Increment();
    read_soon();
  }
}

void alert_follower::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    soon_ = false;
    lock.unlock();
    poll();
    on_read_();
    lock.lock();
    wake_.wait_for(lock, options_.poll, [this] { return soon_ || stopping_; });
  }
}

void alert_follower::poll() {
  auto const covered = board_.at();
  auto const asked_at = steady_now();
  auto const read = log_.head();
  if (!read) {
    tell_reading(false);
    return;
  }
  auto const need = board_.on_head(covered, asked_at, {read->head, read->picture, read->engine_silence});
  tell_reading(!board_.log_went_back());
  auto done = result<void>{};
  if (need == log_watch::need::read_log) done = catch_up();
  if (need == log_watch::need::read_state) done = take_state();
  if (!done) {
    measured_.refused(done.error().why).Increment();
    log(log_level::error, "log_not_taken", {{"why", done.error().message}});
  }
}

void alert_follower::tell_reading(bool works) {
  measured_.log_read.Set(works ? 1 : 0);
  if (works == reading_works_) return;
  reading_works_ = works;
  if (works)
    log(log_level::info, "log_read_again");
  else
    log(log_level::warn, board_.log_went_back() ? "log_went_back" : "log_unreadable");
}

result<void> alert_follower::catch_up() {
  for (;;) {
    auto const entries = log_.read_after(board_.at(), options_.read_at_once);
    if (!entries) return entries.error().why == reason::schema_mismatch ? take_state() : result<void>{entries.error()};
    for (auto const& entry : *entries) {
      auto const taken = board_.take(entry);
      if (!taken) return taken.error();
      if (*taken == board::outcome::read_state) return take_state();
      if (*taken != board::outcome::applied) continue;
      measured_.entries.Increment();
      log(log_level::info, "alert_taken", {{"seq", entry.seq}, {"alert", entry.alert.value}, {"from", "log"}});
    }
    if (entries->size() < options_.read_at_once) return {};
  }
}

result<void> alert_follower::take_state() {
  auto const state = log_.read_state();
  if (!state) return state.error();
  auto const behind = std::min<std::uint64_t>(options_.ring, state->at.seq);
  std::vector<alert_entry> recent;
  for (cursor after{state->at.epoch, state->at.seq - behind}; after.seq < state->at.seq;) {
    auto const some = log_.read_after(after, options_.read_at_once);
    if (!some || some->empty()) break;  // phones that come back then get a snapshot: dearer, never wrong
    for (auto const& entry : *some)
      if (entry.seq <= state->at.seq) recent.push_back(entry);
    after.seq = some->back().seq;
  }
  auto const taken = board_.reset(*state, recent);
  if (!taken) return taken.error();
  if (*taken)
    log(log_level::info, "log_state_taken",
        {{"epoch", state->at.epoch}, {"seq", state->at.seq}, {"zones", state->newest_by_zone.size()}});
  return catch_up();
}

}  // namespace siren
