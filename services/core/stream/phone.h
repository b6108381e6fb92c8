#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/base/reason.h"
#include "core/stream/entry.h"
#include "core/stream/heartbeat.h"
#include "core/stream/left_epochs.h"
#include "core/stream/provisional.h"

namespace siren {

struct phone_policy {
  /// "Current" is shown on a heartbeat at most this many tenths of an interval old (promise "no false calm").
  std::uint32_t fresh_tenths = 25;
  /// A server that promises rarer heartbeats than this is not believed.
  milliseconds longest_interval{30'000};
  /// Nothing heard for this long after connecting: try elsewhere. A mobile connection's worst round trips, thrice.
  milliseconds first_word_within{10'000};
  /// Waits before coming back after a break: random in [0, shortest · 2^breaks], at most `longest`. AWS, "Exponential
  /// backoff and jitter" (full jitter).
  milliseconds shortest_backoff{1'000};
  milliseconds longest_backoff{8'000};
  /// Alerts remembered as told, beside those that run: a log restored from an older copy tells them again.
  std::size_t told_kept = 64;
  /// A provisional alert from an earlier stream that the gateway does not say, in so many heartbeats that name the
  /// log's head under a living engine: an engine that still waits for the log says it every second, so nobody does any
  /// more.
  std::uint32_t beats_to_drop = 3;
  /// A go-away or a heartbeat may ask for at most this.
  milliseconds longest_retry{60'000};
};

struct phone_snapshot {
  cursor at;
  std::vector<zone_id> zones;
  std::vector<stream_entry> alerts;
  std::vector<provisional_entry> provisional{};
};

struct phone_go_away {
  milliseconds retry_within{};
  bool terminal = false;
};

/// What to put into the next Subscribe.
struct phone_resume {
  std::optional<cursor> from;
  std::vector<zone_id> zones;
};

/// The phone's rules, once for every client. Pure and not thread-safe; time never goes back.
/// Promise "no hole": the alerts held equal the merge of the log up to `at()` for the phone's zones, or `whole()` is
/// false. Sequence never goes back within an epoch; the epoch changes only with a snapshot, and never to one that was
/// left.
/// Promise "one warning path always works": provisional alerts are shown beside them until the log settles them; when
/// one is logged, nothing is news.
/// Promise "no false calm": current() only while whole, the newest heartbeat that names a head was said at most 2.5
/// intervals ago, the state covers that head, and no later heartbeat says that the picture is lost.
class phone {
 public:
  explicit phone(phone_policy policy = {}) : policy_{policy} {}

  enum class taken : std::uint8_t {
    news,         // show it
    known,        // a duplicate or older: nothing to show
    merged,       // in the log now, and shown before, provisionally or in an earlier epoch: no second alarm
    must_resume,  // leave this stream and connect again with resume(); the state is not to be trusted as current
  };

  /// A stream was opened. What it says first must be a snapshot or a continuation of resume().from.
  void connected(steady_time now);
  [[nodiscard]] phone_resume resume() const;

  taken on_snapshot(phone_snapshot const& whole, steady_time now);
  taken on_continuation(cursor from, steady_time now);
  taken on_alert(stream_entry const& entry, steady_time now);
  taken on_provisional(provisional_entry const& one, steady_time now);
  taken on_heartbeat(heartbeat const& beat, steady_time now);

  /// The stream ended. Returns when to connect again; absent: never (a terminal go-away). `random` is 64 uniform bits.
  [[nodiscard]] std::optional<steady_time> on_disconnected(std::optional<phone_go_away> const& said,
                                                           std::uint64_t random, steady_time now);
  /// The open stream has been silent for too long, or all that it says comes so late that it makes nothing current:
  /// leave it and connect again.
  [[nodiscard]] bool silent(steady_time now) const;

  [[nodiscard]] bool current(steady_time now) const;
  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] cursor at() const { return at_; }
  [[nodiscard]] std::vector<zone_id> const& zones() const { return zones_; }
  /// Alerts that have not ended.
  [[nodiscard]] std::map<alert_id, stream_entry> const& alerts() const { return alerts_; }
  /// Shown beside alerts(): at most one a zone, and where a zone has one, it says more than the log.
  [[nodiscard]] provisional_shelf const& provisional() const { return shelf_; }
  /// The next moment after `now` at which current() or silent() may change by itself.
  [[nodiscard]] std::optional<steady_time> wake_at(steady_time now) const;

 private:
  struct named_head {
    cursor head;
    steady_time read_at;  // at the earliest
    milliseconds fresh_for;
  };
  taken leave(bool state_is_whole_at_cursor);
  [[nodiscard]] milliseconds fresh_for(milliseconds interval) const;
  [[nodiscard]] milliseconds patience() const;
  [[nodiscard]] milliseconds lateness_borne() const;
  [[nodiscard]] std::uint64_t newest_in(zone_id const& zone) const;
  [[nodiscard]] stream_entry newest_word_on(zone_id const& zone) const;
  void keep_provisional(phone_snapshot const& whole);
  void drop_unsaid();
  [[nodiscard]] bool tell(alert_id const& alert, std::uint32_t rev, stage level);

  phone_policy policy_;
  bool connected_ = false;
  bool first_word_heard_ = false;
  bool whole_ = false;
  bool can_resume_ = false;  // the state is whole at at_, whatever came after
  cursor at_;
  left_epochs left_;
  std::uint64_t snapshot_seq_ = 0;
  std::vector<zone_id> zones_;
  std::map<zone_id, std::uint64_t> last_in_zone_;  // since the snapshot
  std::map<alert_id, stream_entry> alerts_;
  provisional_shelf shelf_;
  std::set<zone_id> unsaid_;  // of shelf_: not said on this stream
  struct told_alert {
    std::uint32_t rev = 0;
    stage level = stage::all_clear;
    std::uint64_t turn = 0;
  };
  std::map<alert_id, told_alert> told_;  // whatever the log says later, people have heard this
  std::uint64_t told_turn_ = 0;
  std::optional<named_head> head_;
  bool picture_lost_ = false;
  steady_time subscribed_at_{};
  steady_time timely_at_{};  // a heartbeat arrived young, or the stream began
  steady_time heard_at_{};
  std::optional<milliseconds> interval_;
  std::uint32_t breaks_ = 0;
  milliseconds told_window_{};
  bool left_by_itself_ = false;  // then nobody else leaves at the same moment
};

}  // namespace siren
