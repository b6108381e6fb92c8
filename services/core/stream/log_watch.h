#pragma once

#include <optional>

#include "core/base/time.h"
#include "core/stream/board.h"
#include "core/stream/picture_state.h"

namespace siren {

struct log_watch_policy {
  /// The head is polled every 500 ms (architecture); a heartbeat names it only while the last good read began at most
  /// two polls and a slow query ago.
  milliseconds head_fresh{1'500};
  /// Two polls. Between a reading and the entries up to it lie some milliseconds, and a phone told in them of a head
  /// that it can't have yet would say "not current" until its next heartbeat. Until the entries are there, the reading
  /// before is named, unless it is older than this.
  milliseconds catch_up{1'000};
  /// The engine beats every second; five missed beats are the time in which another engine must have taken over.
  milliseconds engine_silence{5'000};
};

/// One reading of the log's head.
struct head_reading {
  cursor head;
  picture_state picture = picture_state::unknown;
  std::optional<milliseconds> engine_silence;  // absent: the engine never gave a sign; below 0: a clock was set back
};

/// What a gateway knows of the log itself and what it must read next. Pure. Promise "no false calm": the head comes
/// from the log at most `head_fresh` ago, never from what the bus brought; a silent engine makes the picture LOST.
class log_watch {
 public:
  explicit log_watch(log_watch_policy policy = {}) : policy_{policy} {}

  enum class need : std::uint8_t { nothing, read_log, read_state };
  /// `asked_at` and `covered_when_asked` were taken before the read began: the head may be behind what the bus brought
  /// meanwhile, but never behind what was known before. If it is, or in an epoch that was left, the log went back; then
  /// no head is named and the picture is lost until it has caught up, so nobody shows "current" on a log that lost
  /// entries.
  need on_head(board const& known, cursor covered_when_asked, steady_time asked_at, head_reading const& read);

  struct view {
    std::optional<cursor> head;  // absent: not read lately
    picture_state picture = picture_state::unknown;
    /// When the good read of this head began; what was asked before it has been answered by the log.
    std::optional<steady_time> read_at;
  };
  /// For a board that stands at `known`.
  [[nodiscard]] view at(steady_time now, cursor known) const;
  [[nodiscard]] bool went_back() const { return went_back_; }
  /// By the newest reading.
  [[nodiscard]] bool engine_lives() const { return engine_lives_; }

 private:
  struct taken {
    cursor head;
    steady_time asked_at;
  };

  log_watch_policy policy_;
  std::optional<taken> newest_;
  std::optional<taken> covered_;  // the reading before it, whose entries the board had
  picture_state picture_ = picture_state::unknown;
  bool went_back_ = false;
  bool engine_lives_ = false;
};

}  // namespace siren
