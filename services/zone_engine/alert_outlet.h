#pragma once

#include <deque>
#include <set>
#include <utility>

#include "zone_engine/alert_board.h"
#include "zone_engine/alert_publisher.h"
#include "zone_engine/config.h"
#include "zone_engine/ports.h"

namespace siren {

struct decided_alert {
  alert_append record;
  stage level;
};

/// The way out of every decided alert: into the log first, then to the board and the bus, in the order decided. What
/// the log does not take stays here and is tried again; nothing is published that is not logged. Not thread-safe: the
/// decision loop's.
class alert_outlet {
 public:
  alert_outlet(alert_log_writer& writer, alert_log_reader& reader, leadership& lead, alert_board& board,
               alert_publisher& publisher, engine_metrics& counts, zone_engine_limits const& limits);

  void add(decided_alert decided);
  [[nodiscard]] std::size_t undurable() const { return pending_.size(); }

  enum class outcome : std::uint8_t {
    durable,  // everything added is in the log
    waiting,  // the store does not answer; call again
    fenced,   // another process decides now: what waits here must never be logged
  };
  [[nodiscard]] outcome flush();
  /// Whether this process still has the right to decide; takes it back after a lost connection if nobody else wrote.
  [[nodiscard]] outcome confirm_leadership();

 private:
  [[nodiscard]] outcome failed(failure const& bad);
  [[nodiscard]] outcome nobody_else_wrote();
  void done_with(std::vector<alert_entry> entries);

  alert_log_writer& writer_;
  alert_log_reader& reader_;
  leadership& lead_;
  alert_board& board_;
  alert_publisher& publisher_;
  engine_metrics& counts_;
  zone_engine_limits limits_;
  std::deque<decided_alert> pending_;
  bool failing_ = false;
};

}  // namespace siren
