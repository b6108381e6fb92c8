#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/reason.h"
#include "core/stream/board.h"
#include "core/stream/heartbeat.h"
#include "core/stream/log_watch.h"

namespace siren {

struct session_policy {
  milliseconds heartbeat_interval{5'000};
  milliseconds write_timeout{10'000};     // architecture, "Alert log and streams"
  milliseconds subscribe_within{10'000};  // a mobile connection's worst round trips, thrice
  /// How long a phone that knows more than this gateway waits for it to read the log: two polls and a slow query.
  milliseconds log_wait{2'000};
  milliseconds retry_within{2'000};
  std::uint32_t request_burst = 20;    // several quick changes of place or list in the app
  milliseconds request_refill{1'000};  // a walking person moves one street number in a second
};

/// What the phone asked for.
struct subscription {
  std::optional<cursor> resume_from;
  std::vector<zone_id> resume_zones;  // of its last snapshot
  std::vector<zone_id> zones;         // what its place and watch list give now
};

struct send_snapshot {
  cursor at;
  std::vector<zone_id> zones;
  std::vector<entry_ptr> alerts;  // of those zones, not ended
  std::vector<provisional_ptr> provisional{};
  std::uint64_t shelf_turn = 0;  // with `at` it tells whether two snapshots of the same zones are equal
};
struct send_continuation {
  cursor at;
};
struct send_alert {
  entry_ptr entry;
};
struct send_provisional {
  provisional_ptr entry;
};
struct send_guidance {
  std::shared_ptr<std::string const> bytes;
};
struct send_go_away {
  reason why = reason::draining;
  milliseconds retry_within{};
  bool terminal = false;
};
using stream_send = std::variant<send_snapshot, send_continuation, send_alert, send_provisional, heartbeat,
                                 send_guidance, send_go_away>;

/// One phone's stream as the gateway sees it: which zones, how far, and at most one write under way; there is no queue.
/// Pure and not thread-safe; time comes in with each call and never goes back. Order of sending: alerts, provisional
/// alerts, go-away, heartbeat, guidance. Promise "no hole": the first thing sent is a snapshot or a proven
/// continuation, then every entry of the zones in order; a phone that falls behind the ring gets a snapshot.
class phone_session {
 public:
  explicit phone_session(steady_time opened_at, session_policy policy = {});

  /// Once, first. `asked_at` decides which reading of the log is new enough for a phone that knows more than the board.
  void subscribe(subscription what, steady_time asked_at);
  [[nodiscard]] bool subscribed() const { return subscribed_; }
  /// Subscribed, and the first word waits for the log to be read; to be asked again after each reading.
  [[nodiscard]] bool waits_for_log() const { return subscribed_ && !greeted_ && !gone_; }
  /// The phone moved or changed its list. Another set of zones is answered with a snapshot. Returns whether it changed.
  bool change_zones(std::vector<zone_id> zones);
  /// Sorted, without duplicates.
  [[nodiscard]] std::vector<zone_id> const& zones() const { return zones_; }

  /// Newer guidance replaces what was not sent yet; null withdraws it.
  void offer_guidance(std::shared_ptr<std::string const> bytes) { guidance_ = std::move(bytes); }
  /// The stream ends after this has been sent.
  void go_away(send_go_away why) { go_away_ = why; }

  /// Told with every heartbeat; see reconnect_window.
  void reconnect_within(milliseconds window) { reconnect_within_ = window; }

  /// What to write now; the caller starts that write and calls write_done when it is through. Nothing while a write is
  /// under way.
  [[nodiscard]] std::optional<stream_send> next(board const& known, log_watch::view const& log, steady_time now);
  void write_done() { writing_since_.reset(); }
  [[nodiscard]] bool writing() const { return writing_since_.has_value(); }

  /// The stream is to be closed now for this reason: SUBSCRIBE_FIRST or SLOW_READER.
  [[nodiscard]] std::optional<reason> expired(steady_time now) const;
  /// The go-away was handed to the transport and written: close.
  [[nodiscard]] bool finished() const { return gone_ && !writing(); }
  /// Whether the phone may send one more request now; takes one from its allowance.
  [[nodiscard]] bool allow_request(steady_time now);
  /// Everything of the phone's zones up to here was handed to the transport.
  [[nodiscard]] cursor covered() const { return covered_; }

 private:
  [[nodiscard]] std::optional<stream_send> first_word(board const& known, log_watch::view const& log, steady_time now);
  [[nodiscard]] std::optional<stream_send> next_alert(board const& known);
  [[nodiscard]] std::optional<stream_send> next_lesser(log_watch::view const& log, steady_time now);
  [[nodiscard]] send_snapshot snapshot(board const& known);

  session_policy policy_;
  steady_time opened_at_;
  bool subscribed_ = false;
  bool greeted_ = false;  // the first word was said
  bool needs_snapshot_ = false;
  bool gone_ = false;
  steady_time asked_at_{};
  std::optional<cursor> resume_from_;
  bool same_zones_ = false;
  std::vector<zone_id> zones_;
  cursor covered_;
  std::uint64_t shelf_turn_ = 0;  // provisional alerts up to here were sent
  std::uint64_t forgotten_ = 0;   // those dropped up to here were not sent, or taken back
  milliseconds reconnect_within_{};
  std::optional<steady_time> writing_since_;
  std::optional<steady_time> beat_at_;
  picture_state beat_picture_ = picture_state::unknown;
  std::shared_ptr<std::string const> guidance_;
  std::optional<send_go_away> go_away_;
  std::uint32_t requests_left_;
  steady_time refilled_at_;
};

}  // namespace siren
