#include "alert_gateway/alert_follower.h"

#include "common/clock.h"
#include "common/log.h"
#include "core/base/verify.h"

namespace siren {

alert_follower::alert_follower(alert_log_reader& log, alert_board& board, gateway_metrics& measured,
                               follower_options options, std::function<void()> on_read)
    : log_{log},
      board_{board},
      measured_{measured},
      options_{options},
      on_read_{std::move(on_read)},
      rules_{options.reading} {
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
    rules_.read_soon();
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

void alert_follower::heard_provisional(std::string const& provisional_alert) {
  alerts::v1::ProvisionalAlert one;
  if (!one.ParseFromString(provisional_alert)) {
    measured_.refused(reason::malformed).Increment();
    return;
  }
  auto const shown = board_.take(one);
  if (!shown) {
    measured_.refused(shown.error().why).Increment();
    log(log_level::error, "provisional_refused", {{"why", shown.error().message}});
    return;
  }
  if (!*shown) return;
  measured_.provisional.Increment();
  log(log_level::warn, "provisional_taken", {{"alert", one.alert().alert_id()}, {"rev", one.alert().rev()}},
      trace_id{one.alert().trace_id()});
}

void alert_follower::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    if (auto const what = rules_.next(steady_now())) {
      lock.unlock();
      carry_out(*what);
      lock.lock();
      continue;
    }
    lock.unlock();
    on_read_();
    lock.lock();
    wake_.wait_until(lock, rules_.poll_at(), [this] { return stopping_ || rules_.wants_now(); });
  }
}

void alert_follower::carry_out(log_follower::read what) {
  switch (what) {
    case log_follower::read::head:
      return read_head();
    case log_follower::read::entries:
      return read_entries();
    case log_follower::read::state:
      return read_state();
  }
}

void alert_follower::tell(std::function<void(log_follower&)> const& answer) {
  std::lock_guard const lock{mutex_};
  answer(rules_);
}

void alert_follower::not_taken(failure const& why) {
  measured_.refused(why.why).Increment();
  log(log_level::error, "log_not_taken", {{"why", why.message}});
  tell([](auto& rules) { rules.on_failed(); });
}

void alert_follower::read_head() {
  auto const covered = board_.at();
  auto const asked_at = steady_now();
  auto const read = log_.head();
  if (!read) {
    tell_reading(false);
    return tell([](auto& rules) { rules.on_failed(); });
  }
  auto const need = board_.on_head(covered, asked_at, {read->head, read->picture, read->engine_silence});
  tell_reading(!board_.log_went_back());
  tell([need](auto& rules) { rules.on_head(need); });
}

void alert_follower::read_entries() {
  auto const entries = log_.read_after(board_.at(), options_.reading.read_at_once);
  if (!entries && entries.error().why == reason::schema_mismatch)
    return tell([](auto& rules) { rules.on_other_epoch(); });
  if (!entries) return not_taken(entries.error());
  auto last = board::outcome::ignored;
  for (auto const& entry : *entries) {
    auto const taken = board_.take(entry);
    if (!taken) return not_taken(taken.error());
    last = *taken;
    if (last != board::outcome::applied) continue;
    measured_.entries.Increment();
    log(log_level::info, "alert_taken", {{"seq", entry.seq}, {"alert", entry.alert.value}, {"from", "log"}});
  }
  tell([&](auto& rules) { rules.on_entries(entries->size(), last); });
}

void alert_follower::read_state() {
  auto const state = log_.read_state();
  if (!state) return not_taken(state.error());
  auto const behind = std::min<std::uint64_t>(options_.ring, state->at.seq);
  std::vector<alert_entry> recent;
  for (cursor after{state->at.epoch, state->at.seq - behind}; after.seq < state->at.seq;) {
    auto const some = log_.read_after(after, options_.reading.read_at_once);
    if (!some || some->empty()) break;  // phones that come back then get a snapshot: dearer, never wrong
    for (auto const& entry : *some)
      if (entry.seq <= state->at.seq) recent.push_back(entry);
    after.seq = some->back().seq;
  }
  auto const taken = board_.reset(*state, recent);
  if (!taken) return not_taken(taken.error());
  if (*taken)
    log(log_level::info, "log_state_taken",
        {{"epoch", state->at.epoch}, {"seq", state->at.seq}, {"zones", state->newest_by_zone.size()}});
  tell([](auto& rules) { rules.on_state(); });
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

}  // namespace siren
