#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/stream/entry.h"
#include "core/stream/left_epochs.h"
#include "core/stream/provisional.h"

namespace siren {

struct board_policy {
  /// Entries held for phones that come back. All 126 raions of the country can flip 32 times in it, and at 300 bytes an
  /// entry it costs about 1 MB (architecture, "Alert log and streams").
  std::size_t ring = 4'096;
  /// Whoever means a provisional alert logs it as soon as the log is back, or says it again each second. Unheard during
  /// so many readings of a log whose engine lives, ten seconds of polls, it goes: its engine died or was deposed, and
  /// phones would show it for ever.
  std::uint32_t readings_to_drop = 20;
};

/// A gateway's copy of the alert log: the newest entries in a ring, the newest entry of every zone, and the provisional
/// alerts that the log has not settled. Pure and not thread-safe. Promise "no hole": what the board holds between
/// `floor()` and `at()` is exactly the log.
class board {
 public:
  /// Turns an entry, its previous_seq_in_zone known, into what streams send. Called once per entry.
  using encoder = std::function<std::shared_ptr<std::string const>(stream_entry const&)>;
  explicit board(encoder encode, board_policy policy = {}) : encode_{std::move(encode)}, policy_{policy} {}

  enum class outcome : std::uint8_t {
    ignored,     // seq <= at: known
    applied,     // seq = at + 1
    read_log,    // seq > at + 1: a gap; the log after at() must be read
    read_state,  // not started, or another epoch: only the log may say what is true now
  };
  /// Takes one entry from the bus or the log, in any order and any number of times.
  outcome apply(stream_entry entry);

  /// Takes the log's whole state as of `state_at`. `recent` holds the log's entries right before it, gapless and ending
  /// at `state_at` (may be empty): phones whose cursor lies in it can continue. Refused (false) when it would go back
  /// within the epoch or to an epoch that was left, or when nothing would change.
  bool reset(cursor state_at, std::vector<stream_entry> newest_by_zone, std::vector<stream_entry> recent);

  /// Takes a provisional alert, `bytes` ready to send. True: it is shown now. Before the log was read once nothing
  /// tells a settled one from a live one: refused, it is said again.
  bool take_provisional(provisional_entry one);
  /// The log itself was read, in at()'s epoch: what the bus brought of another one is old. See readings_to_drop.
  void on_reading(bool engine_lives);
  [[nodiscard]] provisional_shelf const& provisional() const { return shelf_; }

  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] cursor at() const { return at_; }
  /// Whether this place lies in an epoch that the log has left.
  [[nodiscard]] bool has_left(std::uint64_t epoch) const { return left_.contains(epoch); }
  /// Every entry after this sequence is in the ring.
  [[nodiscard]] std::uint64_t floor() const { return at_.seq - ring_.size(); }
  /// Whether a state that is whole at `place` can be continued from the ring.
  [[nodiscard]] bool reaches(cursor place) const;

  /// Null: this zone was never in the log.
  [[nodiscard]] entry_ptr newest(zone_id const& zone) const;
  /// The first entry after `seq` (>= floor()) that concerns one of the zones; null: none.
  [[nodiscard]] entry_ptr next(std::uint64_t seq, std::span<zone_id const> zones) const;

 private:
  struct zone_line {
    entry_ptr newest;
    std::deque<std::uint64_t> in_ring;  // ascending sequences
  };
  void keep(stream_entry entry);

  encoder encode_;
  board_policy policy_;
  bool started_ = false;
  cursor at_;
  left_epochs left_;
  std::deque<entry_ptr> ring_;  // the last one is at_
  std::unordered_map<zone_id, zone_line> zones_;
  provisional_shelf shelf_;
};

}  // namespace siren
