#pragma once

#include <cstdint>
#include <optional>

#include "core/stream/board.h"
#include "core/stream/log_watch.h"

namespace siren {

struct log_follower_policy {
  milliseconds poll{500};            // architecture: the head is read every 500 ms, so a lost bus costs at most that
  std::size_t read_at_once = 1'000;  // entries a query; about 300 KB
};

/// Which read of the log a gateway makes next, whoever carries it out: poll the head, read what the bus did not bring,
/// take the whole state when it must. One read is under way at a time. Pure and not thread-safe; time never goes back.
class log_follower {
 public:
  explicit log_follower(log_follower_policy policy = {}) : policy_{policy} {}

  enum class read : std::uint8_t {
    head,     // answer: on_head or on_failed
    entries,  // those after board::at(), at most read_at_once; answer: on_entries, on_other_epoch or on_failed
    state,    // the whole state and the entries before it; answer: on_state or on_failed
  };
  /// The read to make now; absent: one is under way, or it is not yet time.
  [[nodiscard]] std::optional<read> next(steady_time now);
  /// Read the log now: a gap, a new connection to the bus, a phone that knows more. During a read: once more after it.
  void read_soon() { soon_ = true; }

  void on_head(log_watch::need need);
  /// `last`: what board::apply said of the last entry; of none: ignored.
  void on_entries(std::size_t count, board::outcome last);
  void on_other_epoch() { then(read::state); }
  void on_state() { then(read::entries); }
  /// Nothing was learned. The next poll tries again.
  void on_failed() { then(std::nullopt); }

  /// When next() will want to poll; only while nothing is under way.
  [[nodiscard]] steady_time poll_at() const { return poll_at_; }
  [[nodiscard]] bool wants_now() const { return soon_ || next_.has_value(); }
  [[nodiscard]] log_follower_policy const& policy() const { return policy_; }

 private:
  void then(std::optional<read> what) {
    under_way_ = false;
    next_ = what;
  }

  log_follower_policy policy_;
  bool under_way_ = false;
  bool soon_ = true;  // the first read is due at once
  std::optional<read> next_;
  steady_time poll_at_{};
};

}  // namespace siren
