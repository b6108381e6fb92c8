#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "common/clock.h"
#include "threat_ingest/recorder.h"

namespace siren {

/// Where the answers to one feed go, in the order of its records. Called on the decision thread; must not block.
class answer_sink {
 public:
  virtual ~answer_sink() = default;
  virtual void answer(threats::v1::StreamThreatsResponse response) = 0;
};

struct queued_record {
  incoming record;
  std::shared_ptr<answer_sink> from;
};

struct loop_policy {
  std::size_t max_queue = 10'000;  // records; then feeds are not read until there is room (back pressure)
  std::size_t max_batch = 1'000;   // records; what the log takes in well under 50 ms
  milliseconds tick{250};
  seconds farewell{2};  // at the end, for what still waits for the store
  /// How long a record may wait for the store before its feed is told to send it again. A catching-up store takes some
  /// hundred milliseconds; at 300 records a second this stays far below a stream's unanswered records.
  milliseconds answer_patience{2'000};
};

/// The one thread that decides, and the queue before it. A batch is what waits when the last one is done: small when it
/// is quiet (no lingering), large when it is not. Each is decided, stored and published, then answered: accepted only
/// once it is durable. Answers go out in the order of the records.
class decision_loop {
 public:
  struct parts {
    ingest& decisions;
    recorder& records;
    world_clock const& clock;
    instruments& counts;
    /// Called once on the decision thread when another writer has taken over.
    std::function<void()> on_shut_out;
    std::function<steady_time()> steady = steady_now;
  };

  decision_loop(parts with, loop_policy policy = {});
  ~decision_loop();

  /// Waits while the queue is full. False: this is stopping, and the record was not taken.
  [[nodiscard]] bool put(queued_record record);
  /// Finishes what was taken, tells the rest DRAINING. Idempotent.
  void stop();
  /// Lets a tick happen now instead of within 250 ms.
  void tick_soon();

 private:
  void run();
  [[nodiscard]] std::vector<queued_record> next_batch(steady_time until);
  void decide(std::vector<queued_record> batch);
  /// Those whose batches are durable, and those that have waited too long.
  void give_answers();
  void pass_time();
  void say_farewell();

  struct unanswered {
    std::uint64_t number;  // of the batch at the recorder
    steady_time until;
    std::vector<queued_record> batch;
    decided_batch decided;
    bool late;  // not durable when it was decided
  };
  void answer(unanswered const& what, result<void> const& stored);

  parts with_;
  loop_policy policy_;
  std::deque<unanswered> unanswered_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable freed_;
  std::deque<queued_record> queue_;
  bool stopping_ = false;
  bool tick_asked_ = false;
  bool told_shut_out_ = false;
  std::thread thread_;
};

}  // namespace siren
