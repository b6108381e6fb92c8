#include "threat_ingest/recorder.h"

#include <algorithm>
#include <utility>

#include "common/clock.h"
#include "common/log.h"

namespace siren {
namespace {

failure store_away() {
  return {reason::store_unavailable, "taken up for warning, but not stored: send it again"};
}

}  // namespace

std::size_t recorder::entry::rows() const {
  return static_cast<std::size_t>(step.tracks_size() + step.region_alarms_size() + step.feeds_size() +
                                  step.launches_size()) +
         observations.size();
}

recorder::recorder(picture_log_writer& log, bus_publisher* fast, store_worker& worker, instruments& counts,
                   recorder_policy policy)
    : log_{log}, bus_{fast}, worker_{worker}, counts_{counts}, policy_{policy}, pruned_at_{steady_now()} {}

result<void> recorder::record(decided_batch const& batch) {
  auto made = std::make_shared<entry>();
  made->number = ++recorded_;
  made->step = batch.step;
  made->observations = batch.observations;
  auto const changes = has_changes(batch.step);
  if (changes) {
    ++place_.seq;
    made->step.set_epoch(place_.epoch);
    made->step.set_seq(place_.seq);
  }
  // The log's housekeeping is no reason to refuse.
  if (job_ && pending_.empty() && !must_reopen_) static_cast<void>(worker_.wait_idle(policy_.store_patience));
  collect(steady_now());
  if (job_ || !pending_.empty() || must_reopen_) {
    publish(made->step);
    keep_pending(std::move(made));
    if (!job_ && !must_reopen_ && !shut_out_ && steady_now() >= retry_at_ && !pending_.empty()) drain();
    static_cast<void>(worker_.wait_idle(policy_.catch_up_linger));
    return store_away();
  }
  auto stored_now = std::make_shared<entry>(*made);
  stored_now->observations.insert(stored_now->observations.end(), batch.again.begin(), batch.again.end());
  if (stored_now->rows() == 0) return {};
  auto work = std::make_shared<job>();
  work->entries.push_back(stored_now);
  submit(work);
  auto const in_time = worker_.wait_idle(policy_.store_patience);
  // The log holds the step when its message is heard, unless the store is away: warning comes first.
  publish(made->step);
  if (in_time && work->outcome) {
    job_.reset();
    return {};
  }
  keep_pending(std::move(stored_now));
  collect(steady_now());
  if (shut_out_) return failure{reason::schema_mismatch, "another writer of the threat picture has taken over"};
  return store_away();
}

std::uint64_t recorder::durable_up_to() const {
  auto up_to = recorded_;
  if (!pending_.empty()) up_to = pending_.front()->number - 1;
  return must_reopen_ ? std::min(up_to, lost_from_ - 1) : up_to;
}

void recorder::submit(std::shared_ptr<job> what) {
  job_ = what;
  worker_.submit([&log = log_, what] {
    if (what->reopen) {
      auto done = log.reopen(what->whole);
      if (done)
        what->whole = std::move(done).value();
      else
        what->outcome = done.error();
      return;
    }
    for (auto const& one : what->entries) {
      auto const done = log.append(one->step, one->observations);
      if (!done) {
        what->outcome = done.error();
        return;
      }
      ++what->stored;
    }
  });
}

void recorder::collect(steady_time when) {
  if (!job_ || !worker_.idle()) return;
  auto const done = std::exchange(job_, nullptr);
  if (done->reopen) {
    if (done->outcome) {
      place_ = {done->whole.epoch(), 0};
      collect_reopened(done->losses);
    }
  } else if (!must_reopen_) {
    for (std::size_t i = 0; i < done->stored && !pending_.empty(); ++i) {
      pending_rows_ -= std::min(pending_rows_, pending_.front()->rows());
      pending_.pop_front();
    }
  }
  if (!done->outcome) collect_failure(done->outcome.error(), when);
  counts_.pending_steps.Set(static_cast<double>(pending_.size()));
}

void recorder::collect_reopened(std::uint64_t losses_before) {
  // What was recorded while the whole picture was being stored follows it in the new epoch.
  for (auto& waiting : pending_) {
    auto moved = std::make_shared<entry>(*waiting);
    if (has_changes(moved->step)) {
      ++place_.seq;
      moved->step.set_epoch(place_.epoch);
      moved->step.set_seq(place_.seq);
    }
    waiting = std::move(moved);
  }
  must_reopen_ = losses_ != losses_before;  // the store was so slow that steps were dropped again
  log(log_level::warn, "picture_log_reopened", {{"epoch", place_.epoch}});
}

void recorder::collect_failure(failure const& why, steady_time when) {
  counts_.store_failures.Increment();
  retry_at_ = when + policy_.retry_interval;
  if (why.why == reason::log_went_back) {
    log(log_level::error, "picture_log_went_back", {{"message", why.message}});
    drop_pending();
    retry_at_ = when;
    return;
  }
  if (why.why != reason::schema_mismatch) return;
  shut_out_ = true;
  log(log_level::error, "shut_out", {{"message", why.message}});
}

void recorder::drop_pending() {
  log(log_level::error, "pending_steps_dropped", {{"steps", pending_.size()}});
  counts_.steps_lost.Increment(static_cast<double>(pending_.size()));
  if (!must_reopen_) lost_from_ = pending_.empty() ? recorded_ : pending_.front()->number;
  pending_.clear();
  pending_rows_ = 0;
  must_reopen_ = true;
  ++losses_;
}

void recorder::keep_pending(std::shared_ptr<entry const> what) {
  if (must_reopen_ && !(job_ && job_->reopen)) return;  // the whole picture, still to be taken, will hold it
  pending_rows_ += what->rows();
  if (what->rows() > 0) pending_.push_back(std::move(what));
  if (pending_rows_ > policy_.max_pending) drop_pending();
  counts_.pending_steps.Set(static_cast<double>(pending_.size()));
}

void recorder::pump(ingest const& whole, steady_time when) {
  collect(when);
  if (job_ || shut_out_ || when < retry_at_) return;
  if (must_reopen_) {
    auto work = std::make_shared<job>();
    work->reopen = true;
    work->losses = losses_;
    work->whole = whole.whole();
    submit(std::move(work));
  } else if (!pending_.empty()) {
    drain();
  } else if (when - beat_at_ >= policy_.beat_interval) {
    beat(when);
  } else {
    prune(when);
  }
}

void recorder::drain() {
  auto work = std::make_shared<job>();
  auto const count = std::min(pending_.size(), policy_.drain_at_once);
  work->entries.assign(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
  submit(std::move(work));
}

void recorder::beat(steady_time when) {
  beat_at_ = when;
  auto work = std::make_shared<job>();
  job_ = work;
  worker_.submit([&log = log_, work] { work->outcome = log.beat(); });
}

void recorder::prune(steady_time when) {
  if (when - pruned_at_ < policy_.prune_interval) return;
  pruned_at_ = when;
  auto work = std::make_shared<job>();
  job_ = work;
  worker_.submit([&log = log_, work, keep = policy_.keep_steps, at_once = policy_.prune_at_once] {
    if (auto const done = log.prune(keep, at_once); !done) work->outcome = done.error();
  });
}

void recorder::publish(threats::v1::PictureStep const& step) {
  if (bus_ != nullptr && has_changes(step)) bus_->publish(step.SerializeAsString());
}

}  // namespace siren
