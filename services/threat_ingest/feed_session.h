#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <random>

#include "threat_ingest/decision_loop.h"

namespace siren {

/// One stream's answers on their way from the decision thread to the stream's writer. Bounded by begin_record.
class feed_session final : public answer_sink {
 public:
  explicit feed_session(std::size_t max_unanswered) : max_unanswered_{max_unanswered} {}

  /// Reader: waits until fewer than max_unanswered records are unanswered or unsent. False: the stream is broken.
  [[nodiscard]] bool begin_record();
  /// Reader: the record just begun was not taken.
  void cancel_record();
  /// Reader: no more records will come.
  void finish_reading();

  /// Writer: the next answer to send; absent once everything is sent after finish_reading, or the stream is broken.
  [[nodiscard]] std::optional<threats::v1::StreamThreatsResponse> next_answer();
  /// Writer: whether the last one went out.
  void sent(bool ok);

  void answer(threats::v1::StreamThreatsResponse response) override;

 private:
  std::size_t const max_unanswered_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<threats::v1::StreamThreatsResponse> answers_;
  std::size_t open_ = 0;  // begun and not yet sent
  bool reading_ = true;
  bool broken_ = false;
};

/// Random trace ids, as in W3C Trace Context: 128 bits, not all zero.
class trace_source {
 public:
  trace_source();
  [[nodiscard]] trace_id next();

 private:
  std::mt19937_64 random_;
};

}  // namespace siren
