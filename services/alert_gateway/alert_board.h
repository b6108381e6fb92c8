#pragma once

#include <functional>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "common/alert_log/alert_log.h"
#include "core/base/mode.h"
#include "core/stream/board.h"
#include "core/stream/entries_ahead.h"
#include "core/stream/log_watch.h"
#include "core/stream/phone_session.h"
#include "siren/alerts/v1/alert.pb.h"

namespace siren {

/// What guidance needs of a zone's newest alert.
struct zone_alarm {
  alert_id id;
  std::uint32_t rev = 0;
  stage level = stage::all_clear;
  std::optional<utc_time> earliest;  // 5th percentile of the first threat's arrival; absent: unknown
};

/// The gateway's one board and log watch, shared by every thread: readers (streams) run side by side, a writer (bus or
/// log) alone and briefly. Entries of another world are refused (promise "drill is another world").
class alert_board {
 public:
  struct listeners {
    std::function<void(zone_id const&)> on_news;  // after an entry was applied; any thread, outside of locks
    std::function<void()> on_reset;               // everything may have changed
  };
  alert_board(world serves, board_policy ring, log_watch_policy watch);
  /// Before the first entry.
  void listen(listeners to) { listeners_ = std::move(to); }

  /// From the bus or from the log. Failure: MALFORMED, WRONG_MODE; nothing was applied.
  result<board::outcome> take(alerts::v1::LoggedAlert const& entry);
  result<board::outcome> take(alert_entry const& entry);
  /// From the bus, while the log is away. True: it is shown now. Failure: as above.
  result<bool> take(alerts::v1::ProvisionalAlert const& one);
  /// See board::reset. Failure: as above, nothing was changed.
  result<bool> reset(alert_log_reader::state const& state, std::vector<alert_entry> const& recent);

  [[nodiscard]] cursor at() const;
  [[nodiscard]] bool started() const;
  log_watch::need on_head(cursor covered_when_asked, steady_time asked_at, head_reading const& read);
  [[nodiscard]] log_watch::view log_at(steady_time now) const;
  [[nodiscard]] bool log_went_back() const;

  /// The session's next step against the board as it stands.
  [[nodiscard]] std::optional<stream_send> next(phone_session& session, steady_time now) const;
  /// What is shown, logged or provisional. Absent: the zone was never in alarm.
  [[nodiscard]] std::optional<zone_alarm> alarm_in(zone_id const& zone) const;

 private:
  struct decoded {
    stream_entry entry;
    zone_alarm alarm;
  };
  [[nodiscard]] result<zone_alarm> checked(alerts::v1::Alert const& what) const;
  [[nodiscard]] result<decoded> decode(alerts::v1::LoggedAlert const& from) const;
  [[nodiscard]] result<decoded> decode(alert_entry const& from) const;
  result<board::outcome> take(result<decoded> one);
  std::vector<zone_id> take_ahead();

  world serves_;
  listeners listeners_;
  mutable std::shared_mutex mutex_;
  board board_;
  entries_ahead<decoded> ahead_;
  log_watch watch_;
  std::unordered_map<zone_id, zone_alarm> alarms_;
  std::unordered_map<zone_id, zone_alarm> provisional_alarms_;  // of what is or was on the board's shelf
};

}  // namespace siren
