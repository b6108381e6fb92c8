#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "common/clock.h"
#include "feed_adapters/feed_metrics.h"
#include "siren/threats/v1/threat_feed_service.pb.h"

namespace siren {

struct feed_line_policy {
  std::size_t max_waiting = 20'000;    // records not answered; above twice all regions and types of a country
  std::size_t max_unanswered = 1'000;  // of them on the way; half of what ingest holds for one stream
  milliseconds beat_interval{5'000};   // ingest calls a source dead after 15 s
  milliseconds first_retry{500};       // of a stream that broke, doubled up to the next
  milliseconds longest_retry{5'000};
  milliseconds store_retry{1'000};  // of a record that ingest could not store
};

/// A feed's stream to threat_ingest: sends records in order, says beats while the provider lives, and sends again after
/// a break whatever was not answered, or could not be stored. Nothing that was put is lost while this lives. Threads of
/// its own; thread-safe.
class feed_line {
 public:
  using record = threats::v1::StreamThreatsRequest;
  using response = threats::v1::StreamThreatsResponse;

  struct parts {
    std::string ingest;  // address
    /// Said every interval while lives(); never blocks.
    std::vector<threats::v1::FeedBeat> beats;
    std::function<bool()> lives;
    /// Said at the beginning of every stream, so that an ingest that has lost something learns it again. To one that
    /// has not they are duplicates. May be empty.
    std::function<std::vector<record>()> standing;
    /// What became of a record, DUPLICATE included; not called for what is sent again. Must not put. May be empty.
    std::function<void(record const&, response const&)> answered;
    feed_metrics& counts;
  };

  explicit feed_line(parts with, feed_line_policy policy = {});
  ~feed_line();

  /// Waits while max_waiting records are not answered. False: this is stopping, and the record was not taken.
  [[nodiscard]] bool put(record one);
  /// Waits until everything that was put is answered; false when `until` comes first, or this is stopping.
  [[nodiscard]] bool settle(steady_time until);
  void stop();

 private:
  enum class sort : std::uint8_t { record, standing, beat };
  struct entry {
    record what;
    sort is = sort::record;
  };
  class open_stream;

  void run();
  /// True when ingest has answered anything.
  bool stream_once();
  void write_all(open_stream& stream);
  std::optional<entry> next_to_write();
  void read_all(open_stream& stream);
  void take_answer(response const& answer);
  void begin_stream();
  [[nodiscard]] std::size_t waiting_records() const { return waiting_.size() + deferred_.size() + sent_records_; }

  parts with_;
  feed_line_policy policy_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<entry> waiting_;
  std::deque<entry> standing_;
  std::deque<entry> sent_;  // in the order of their answers
  std::size_t sent_records_ = 0;
  std::deque<std::pair<steady_time, entry>> deferred_;
  steady_time beat_at_{};
  bool broken_ = false;
  bool heard_ = false;
  bool stopping_ = false;
  open_stream* stream_ = nullptr;
  std::thread thread_;
};

}  // namespace siren
