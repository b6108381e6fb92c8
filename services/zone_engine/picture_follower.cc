#include "zone_engine/picture_follower.h"

#include <utility>

#include "common/clock.h"
#include "common/log.h"

namespace siren {

picture_follower::picture_follower(picture_log_reader& from, inbox& to, engine_metrics& counts,
                                   zone_engine_limits const& limits, cursor start, bus_listening const& listen)
    : from_{from}, to_{to}, counts_{counts}, limits_{limits}, at_{start}, certain_at_{steady_now()} {
  thread_ = std::thread{[this] { run(); }};
  listener_ = listen({.on_message = [this](std::string const&, std::string const& bytes) { hear(bytes); },
                      .on_gap = [this] { look_at_log(); }});
}

picture_follower::~picture_follower() {
  listener_.reset();
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

milliseconds picture_follower::uncertain_for() const {
  std::lock_guard const lock{mutex_};
  return std::chrono::duration_cast<milliseconds>(steady_now() - certain_at_);
}

cursor picture_follower::place() const {
  std::lock_guard const lock{mutex_};
  return at_;
}

void picture_follower::hear(std::string const& bytes) {
  threats::v1::PictureStep step;
  if (!step.ParseFromString(bytes)) {
    counts_.rejected(reason::malformed);
    look_at_log();
    return;
  }
  auto const at = place();
  auto const known = step.epoch() == at.epoch && step.seq() <= at.seq;
  if (!known && !offer(step) && !offer_loose(step)) look_at_log();
}

void picture_follower::look_at_log() {
  {
    std::lock_guard const lock{mutex_};
    look_ = true;
  }
  wake_.notify_all();
}

bool picture_follower::offer(threats::v1::PictureStep const& step) {
  std::lock_guard const lock{mutex_};
  if (step.epoch() != at_.epoch || step.seq() != at_.seq + 1) return false;
  cursor const next{step.epoch(), step.seq()};
  if (!to_.offer({step_input{news_of(step), next}, steady_now()})) return false;
  at_ = next;
  return true;
}

bool picture_follower::offer_loose(threats::v1::PictureStep const& step) {
  std::lock_guard const lock{mutex_};
  if (!failing_ && !loose_) return false;
  cursor const next{step.epoch(), step.seq()};
  if (loose_ && next.epoch == loose_->epoch && next.seq <= loose_->seq) return true;
  if (!to_.offer({step_input{news_of(step), next}, steady_now()})) return false;
  if (!loose_) log(log_level::error, "picture_has_a_gap", {{"after", at_.seq}, {"heard", next.seq}});
  loose_ = next;
  return true;
}

void picture_follower::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    wake_.wait_for(lock, limits_.head_poll, [this] { return look_ || stopping_; });
    if (stopping_) return;
    look_ = false;
    lock.unlock();
    catch_up();
    lock.lock();
  }
}

void picture_follower::catch_up() {
  auto const asked_at = steady_now();
  auto const head = from_.head();
  auto const done = head ? follow(*head) : result<void>{head.error()};
  {
    std::lock_guard const lock{mutex_};
    auto const away = !done && done.error().why == reason::store_unavailable;
    if (std::exchange(failing_, away) != away)
      log(failing_ ? log_level::warn : log_level::info, failing_ ? "picture_log_unavailable" : "picture_log_back",
          {{"error", done ? "" : done.error().message}});
    if (!done || loose_) return;
  }
  // A log without its writer tells nothing of what flies now: feeds that look alive may be long silent.
  auto const silence = from_.writer_silence();
  auto const kept = silence && *silence && **silence <= limits_.picture_silence;
  if (std::exchange(kept_, kept) != kept)
    log(kept ? log_level::info : log_level::error, kept ? "picture_is_kept" : "nobody_keeps_the_picture");
  if (!kept) return;
  std::lock_guard const lock{mutex_};
  certain_at_ = asked_at;
}

result<void> picture_follower::follow(cursor head) {
  auto at = cursor{};
  auto loose = std::optional<cursor>{};
  {
    std::lock_guard const lock{mutex_};
    at = at_;
    loose = loose_;
  }
  // Replaced earlier, what only the bus has told would count as ended.
  if (loose && head.epoch == loose->epoch && head.seq < loose->seq) return {};
  if (loose || head.epoch != at.epoch) return replace();
  return head.seq > at.seq ? read_on(at) : result<void>{};
}

result<void> picture_follower::read_on(cursor from) {
  for (;;) {
    auto const steps = from_.read_after(from, limits_.read_chunk);
    if (!steps && steps.error().why == reason::schema_mismatch) return replace();
    if (!steps) return steps.error();
    if (steps->empty()) return {};
    for (auto const& step : *steps) {
      from = {step.epoch(), step.seq()};
      auto const at = place();
      // The bus may have brought it meanwhile.
      if (from.epoch == at.epoch && from.seq <= at.seq) continue;
      if (!offer(step) && place().seq < from.seq)
        return failure{reason::too_many_requests, "the decision loop is full; the log is read on later"};
    }
  }
}

result<void> picture_follower::replace() {
  auto const state = from_.read_state();
  if (!state) return state.error();
  auto picture = whole_of(*state);
  cursor const at{state->epoch(), state->seq()};
  std::lock_guard const lock{mutex_};
  if (!to_.offer({replace_input{std::move(picture), at}, steady_now()}))
    return failure{reason::too_many_requests, "the decision loop is full; the picture is read later"};
  at_ = at;
  loose_.reset();
  log(log_level::info, "picture_replaced", {{"epoch", at.epoch}, {"seq", at.seq}});
  return {};
}

}  // namespace siren
