#include "threat_ingest/decision_loop.h"

#include "common/log.h"

namespace siren {
namespace {

constexpr milliseconds kFarewellStep{20};

double seconds_since(wall_time at) {
  return std::chrono::duration<double>(wall_now() - at).count();
}

std::string kind_of(threats::v1::StreamThreatsRequest const& request) {
  if (request.has_region_alarm()) return "region_alarm";
  if (request.has_launch()) return "launch";
  if (request.has_beat()) return "beat";
  return "observation";
}

threats::v1::StreamThreatsResponse response_to(incoming const& record, result<void> const& verdict) {
  threats::v1::StreamThreatsResponse response;
  response.set_record_number(record.request.record_number());
  response.set_trace_id(record.trace.value);
  response.set_accepted(verdict.ok());
  if (!verdict) {
    response.set_reason(std::string{name_of(verdict.error().why)});
    response.set_message(verdict.error().message);
  }
  return response;
}

}  // namespace

decision_loop::decision_loop(parts with, loop_policy policy)
    : with_{std::move(with)}, policy_{policy}, thread_{[this] { run(); }} {}

decision_loop::~decision_loop() {
  stop();
}

bool decision_loop::put(queued_record record) {
  {
    std::unique_lock lock{mutex_};
    freed_.wait(lock, [this] { return stopping_ || queue_.size() < policy_.max_queue; });
    if (stopping_) return false;
    queue_.push_back(std::move(record));
  }
  filled_.notify_one();
  return true;
}

void decision_loop::stop() {
  {
    std::lock_guard const lock{mutex_};
    stopping_ = true;
  }
  filled_.notify_all();
  freed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void decision_loop::tick_soon() {
  {
    std::lock_guard const lock{mutex_};
    tick_asked_ = true;
  }
  filled_.notify_one();
}

std::vector<queued_record> decision_loop::next_batch(steady_time until) {
  std::vector<queued_record> batch;
  {
    std::unique_lock lock{mutex_};
    filled_.wait_until(lock, until, [this] { return stopping_ || tick_asked_ || !queue_.empty(); });
    while (!queue_.empty() && batch.size() < policy_.max_batch) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
  }
  freed_.notify_all();
  return batch;
}

void decision_loop::run() {
  auto next_tick = steady_now();
  while (true) {
    auto batch = next_batch(next_tick);
    auto const empty = batch.empty();
    if (!empty) decide(std::move(batch));
    auto tick_now = steady_now() >= next_tick;
    {
      std::lock_guard const lock{mutex_};
      if (stopping_ && empty) break;
      tick_now = tick_now || tick_asked_;
      tick_asked_ = false;
    }
    if (tick_now) {
      pass_time();
      next_tick = steady_now() + policy_.tick;
    }
    with_.records.pump(with_.decisions, steady_now());
    give_answers();
    if (with_.records.shut_out() && !std::exchange(told_shut_out_, true)) with_.on_shut_out();
  }
  say_farewell();
}

void decision_loop::decide(std::vector<queued_record> batch) {
  std::vector<incoming> records;
  records.reserve(batch.size());
  for (auto const& one : batch) records.push_back(one.record);
  auto decided = with_.decisions.decide(records, with_.clock.now(), with_.steady());
  for (auto const& one : batch) with_.counts.decision_delay.Observe(seconds_since(one.record.received_at));
  auto const stored = with_.records.record(decided);
  // Sent again before it is durable, it must not be refused as known: that would count as an acknowledgement.
  if (!stored) with_.decisions.not_stored(decided);
  // Who shuts this writer out has the word; nothing of ours will be stored any more.
  auto const patience = with_.records.shut_out() ? milliseconds{0} : policy_.answer_patience;
  unanswered_.push_back(
      {with_.records.recorded(), steady_now() + patience, std::move(batch), std::move(decided), !stored});
  give_answers();
  with_.counts.tracks.Set(static_cast<double>(with_.decisions.tracks()));
  with_.counts.feeds_alive.Set(static_cast<double>(with_.decisions.feeds_alive()));
}

void decision_loop::give_answers() {
  failure const away{reason::store_unavailable, "taken up for warning, but not stored: send it again"};
  failure const shut_out{reason::schema_mismatch, "another writer of the threat picture has taken over"};
  while (!unanswered_.empty()) {
    auto const& oldest = unanswered_.front();
    auto const durable = oldest.number <= with_.records.durable_up_to() && !with_.records.shut_out();
    if (!durable && steady_now() < oldest.until && !with_.records.shut_out()) return;
    if (durable && oldest.late) with_.decisions.stored_later(oldest.decided, with_.clock.now());
    answer(oldest, durable ? result<void>{} : result<void>{with_.records.shut_out() ? shut_out : away});
    unanswered_.pop_front();
  }
}

void decision_loop::answer(unanswered const& what, result<void> const& stored) {
  for (std::size_t i = 0; i < what.batch.size(); ++i) {
    auto const& record = what.batch[i].record;
    // A beat needs no store: that the feed lives is known here.
    auto const& decided = what.decided.verdicts[i];
    auto const& verdict = decided && !stored && !record.request.has_beat() ? stored : decided;
    if (verdict) {
      with_.counts.accepted(kind_of(record.request));
      if (!record.request.has_beat()) with_.counts.durable_delay.Observe(seconds_since(record.received_at));
    } else {
      with_.counts.refused(verdict.error(), source_of(record.request), record.trace, steady_now());
    }
    what.batch[i].from->answer(response_to(record, verdict));
  }
}

void decision_loop::pass_time() {
  decided_batch passed;
  passed.step = with_.decisions.pass_time(with_.clock.now(), with_.steady());
  // Not stored now: the recorder keeps it.
  if (has_changes(passed.step)) static_cast<void>(with_.records.record(passed));
  with_.counts.tracks.Set(static_cast<double>(with_.decisions.tracks()));
  with_.counts.feeds_alive.Set(static_cast<double>(with_.decisions.feeds_alive()));
}

void decision_loop::say_farewell() {
  auto const until = steady_now() + policy_.farewell;
  while (!with_.records.settled() && !with_.records.shut_out() && steady_now() < until) {
    with_.records.pump(with_.decisions, steady_now());
    std::unique_lock lock{mutex_};
    filled_.wait_for(lock, kFarewellStep);
  }
  for (auto& each : unanswered_) each.until = {};
  give_answers();
  if (!with_.records.settled())
    log(log_level::error, "stopped_with_steps_unstored", {{"steps", with_.records.pending()}});
}

}  // namespace siren
