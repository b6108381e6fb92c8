#pragma once

#include <deque>
#include <map>
#include <utility>

#include "zone_engine/alert_board.h"
#include "zone_engine/alert_publisher.h"
#include "zone_engine/config.h"
#include "zone_engine/journal.h"
#include "zone_engine/store_lane.h"

namespace siren {

/// The way out of everything decided, in the order decided: into the log, then to the board and the bus. While the log
/// is away or slow, into the journal and as provisional alerts onto the bus, and into the log when it is back. Promise
/// "one warning path always works". Never waits for the store longer than store_patience, and not at all once it is
/// known to be away. Not thread-safe: the decision loop's.
class alert_outlet {
 public:
  struct parts {
    store_lane& store;
    journal& kept;
    alert_board& board;
    alert_publisher& publisher;
    engine_metrics& counts;
  };
  alert_outlet(parts with, std::uint64_t term, zone_engine_limits const& limits);

  void add(outgoing what);
  /// An order before it is obeyed. Failure: it could not be kept if the store stays away, so it must not be obeyed.
  [[nodiscard]] result<void> add_order(operator_order const& order);
  /// Decided and not in the log.
  [[nodiscard]] std::size_t undurable() const { return pending_.size(); }

  enum class outcome : std::uint8_t {
    durable,  // everything added is in the store
    kept,     // everything added is in the store or in the journal
    at_risk,  // some of it is in memory alone
    fenced,   // another process decides now: what waits here must never be logged
  };
  /// `confirm`: ask whether the right to decide is still ours even if nothing waits.
  [[nodiscard]] outcome flush(bool confirm);
  [[nodiscard]] result<std::optional<order_answer>> find_answer(std::string const& request_id);
  /// True once after the log was found to have gone back: what the store alone knew is lost there.
  [[nodiscard]] bool take_renewed() { return std::exchange(renewed_, false); }

 private:
  struct waiting {
    outgoing what;
    bool journalled = false;
    bool said = false;
  };
  void submit();
  void collect(store_lane::merged done);
  void note_failure(failure const& why);
  void done_with(std::vector<alert_entry> entries);
  void add_missing(std::vector<alert_entry> const& newest);
  void keep_locally();
  void say_provisional();
  void say_again();

  parts with_;
  zone_engine_limits limits_;
  std::uint64_t term_;
  std::deque<waiting> pending_;
  std::size_t in_job_ = 0;
  steady_time submitted_at_{};
  bool failing_ = false;
  bool refused_ = false;  // the journal
  bool fenced_ = false;
  bool renewed_ = false;
  steady_time said_at_{};
  /// The most urgent provisional alert of each zone since the store went away.
  struct said_alert {
    alert_append record;
    stage level;
    cursor after;
  };
  std::map<zone_id, said_alert> said_;
};

}  // namespace siren
