#pragma once

#include <deque>
#include <memory>

#include "common/picture_log/picture_log.h"
#include "common/store_worker.h"
#include "threat_ingest/bus_publisher.h"
#include "threat_ingest/ingest.h"
#include "threat_ingest/instruments.h"

namespace siren {

struct recorder_policy {
  milliseconds store_patience{400};    // a step takes some 10 ms to store; after this warning comes before storing
  milliseconds retry_interval{500};    // between tries of a dead store
  std::size_t max_pending = 200'000;   // rows (tracks, alarms, reports) kept for a dead store; about 100 MB
  std::size_t drain_at_once = 200;     // steps a job stores before its result is looked at
  std::uint64_t keep_steps = 100'000;  // in the log; a reader further behind reads the state, which is then shorter
  std::size_t prune_at_once = 10'000;  // rows; some 50 ms
  seconds prune_interval{60};
  milliseconds beat_interval{1'000};  // zone_engine calls the picture lost after 3 s without a sign
  milliseconds catch_up_linger{50};   // behind a slow store steps get bigger instead of more, or it never catches up
};

/// Puts steps in the log and on the bus. As the log's only writer in its epoch it knows every step's place beforehand,
/// so with a dead or slow store a step goes out at once with the place that it will have, and is stored there later, in
/// order. When more than max_pending waits, or when the log turns out to have been restored from an older copy, the
/// waiting steps are dropped, and the log starts a new epoch with the whole picture: readers then take the state. One
/// owner at a time.
class recorder {
 public:
  /// `fast` may be null: then there is only the log.
  recorder(picture_log_writer& log, bus_publisher* fast, store_worker& worker, instruments& counts,
           recorder_policy policy = {});

  /// The epoch that the log was opened with; before anything else.
  void start(std::uint64_t epoch) { place_ = {epoch, 0}; }

  /// Durable when it returns true. Otherwise STORE_UNAVAILABLE: it waits for the store, and durable_up_to() tells when
  /// it is there; or SCHEMA_MISMATCH when another writer took over: then stop.
  [[nodiscard]] result<void> record(decided_batch const& batch);
  /// How many batches were recorded so far: the number of the newest.
  [[nodiscard]] std::uint64_t recorded() const { return recorded_; }
  /// Every batch up to this number is durable.
  [[nodiscard]] std::uint64_t durable_up_to() const;
  /// Works on what waits for the store; call it a few times a second. `whole` is the picture with everything recorded.
  void pump(ingest const& whole, steady_time when);

  [[nodiscard]] bool shut_out() const { return shut_out_; }
  [[nodiscard]] std::size_t pending() const { return pending_.size(); }
  /// Whether the store owes nothing.
  [[nodiscard]] bool settled() {
    return pending_.empty() && !must_reopen_ && worker_.idle() && !(job_ && job_->reopen);
  }

 private:
  struct entry {
    std::uint64_t number = 0;
    threats::v1::PictureStep step;
    std::vector<stored_observation> observations;
    [[nodiscard]] std::size_t rows() const;
  };
  /// Shared with the worker; read by us only when the worker is idle.
  struct job {
    std::vector<std::shared_ptr<entry const>> entries;
    std::size_t stored = 0;
    threats::v1::PictureStep whole;
    bool reopen = false;
    std::uint64_t losses = 0;
    result<void> outcome;
  };

  void submit(std::shared_ptr<job> what);
  /// Takes in the finished job, if there is one.
  void collect(steady_time when);
  void collect_reopened(std::uint64_t losses_before);
  void collect_failure(failure const& why, steady_time when);
  void drop_pending();
  void keep_pending(std::shared_ptr<entry const> what);
  void publish(threats::v1::PictureStep const& step);
  void prune(steady_time when);
  void beat(steady_time when);
  void drain();

  picture_log_writer& log_;
  bus_publisher* bus_;
  store_worker& worker_;
  instruments& counts_;
  recorder_policy policy_;
  cursor place_;  // of the newest step
  std::uint64_t recorded_ = 0;
  std::uint64_t lost_from_ = 0;  // the first batch that is in memory alone until the whole picture is stored
  std::deque<std::shared_ptr<entry const>> pending_;
  std::size_t pending_rows_ = 0;
  std::shared_ptr<job> job_;
  bool must_reopen_ = false;
  std::uint64_t losses_ = 0;  // times that pending steps were dropped
  bool shut_out_ = false;
  steady_time retry_at_{};
  steady_time pruned_at_{};
  steady_time beat_at_{};
};

}  // namespace siren
