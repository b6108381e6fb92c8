#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "core/stream/entry.h"

namespace siren {

/// Logged entries on their way onto the bus, in order. What the bus does not take is let go here: it lies in the log's
/// outbox, and take_backlog tells. Pure and not thread-safe.
class outbox {
 public:
  explicit outbox(std::size_t limit = 4'096) : limit_{limit} {}

  void add(std::vector<stream_entry> entries) {
    for (auto& entry : entries) waiting_.push_back(std::move(entry));
    while (waiting_.size() > limit_) {
      waiting_.pop_front();
      backlog_ = true;
    }
  }
  /// Null: nothing waits. To be published, then on_published.
  [[nodiscard]] stream_entry const* next() const { return waiting_.empty() ? nullptr : &waiting_.front(); }
  void on_published(bool taken) {
    if (taken) {
      published_.push_back(waiting_.front().at);
      waiting_.pop_front();
      return;
    }
    waiting_.clear();
    backlog_ = true;
  }
  /// Places that the bus took since the last call: the log's outbox may forget them.
  [[nodiscard]] std::vector<cursor> take_published() { return std::exchange(published_, {}); }
  /// The log's outbox could not be read.
  void ask_again() { backlog_ = true; }
  /// Whether the log's outbox must be read; true at first, for what an earlier process left.
  [[nodiscard]] bool take_backlog() { return std::exchange(backlog_, false); }

 private:
  std::size_t limit_;
  std::deque<stream_entry> waiting_;
  std::vector<cursor> published_;
  bool backlog_ = true;
};

}  // namespace siren
