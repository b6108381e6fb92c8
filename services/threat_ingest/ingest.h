#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <tuple>

#include "common/picture_log/picture_log.h"
#include "core/track/tracker.h"
#include "siren/threats/v1/threat_feed_service.pb.h"
#include "threat_ingest/alarm_intake.h"
#include "threat_ingest/feed_watch.h"
#include "threat_ingest/launch_intake.h"

namespace siren {

struct ingest_policy {
  intake_policy intake;
  track_policy tracks;
  seconds feed_silence{15};            // three beats of the 5 s that feeds promise
  std::size_t max_feeds = 1'000;       // with --any-source names are the feeds' choice; far above every real number
  std::size_t max_unstored = 200'000;  // reports applied but not stored; ten minutes of 300 a second, about 40 MB
  std::size_t max_recent = 200'000;    // reports read back at a start, against copies
  [[nodiscard]] seconds longest_horizon() const;
};

/// Lets every report and track grow older by `slack` before it counts as old, and come from that much ahead.
void widen(ingest_policy& policy, seconds slack);

/// A record with what the door added to it.
struct incoming {
  threats::v1::StreamThreatsRequest request;
  wall_time received_at;
  trace_id trace;
  /// As which its feed's certificate lets it speak; null: as any.
  std::shared_ptr<std::set<std::string> const> sources = nullptr;
};

/// Empty when it has none.
[[nodiscard]] std::string const& source_of(threats::v1::StreamThreatsRequest const& request);

/// What became of a batch of records.
struct decided_batch {
  /// Every track, alarm and feed that changed, tracks once with their last state. Has no place yet. The batch's reports
  /// reach the tracker together.
  threats::v1::PictureStep step;
  std::vector<stored_observation> observations;
  /// Applied in an earlier batch that could not be stored, and sent again.
  std::vector<stored_observation> again;
  /// One per record, in order: accepted if the batch can be stored, or refused with a reason.
  std::vector<result<void>> verdicts;
};

/// The decisions of threat_ingest: which records enter the picture and what they change in it. No clock, thread, socket
/// or store; one owner at a time.
class ingest {
 public:
  ingest(ingest_policy policy, source_book sources, std::set<zone_id> regions);

  /// Takes up what an earlier life left; before anything else. Expected sources never heard become known as dead feeds
  /// (in the next step).
  void restore(picture_memory const& memory, utc_time now, steady_time when);

  [[nodiscard]] decided_batch decide(std::span<incoming const> records, utc_time now, steady_time when);
  /// Time passes: coasting tracks end, silent feeds die.
  [[nodiscard]] threats::v1::PictureStep pass_time(utc_time now, steady_time when);

  /// The batch is not durable. Its records stay applied (warn first), but sent again they are accepted and not applied
  /// a second time.
  void not_stored(decided_batch const& batch);
  /// A batch that was not durable at first now is: sent again, its records are duplicates.
  void stored_later(decided_batch const& batch, utc_time now);

  /// Everything known, for a log that starts anew.
  [[nodiscard]] threats::v1::PictureStep whole() const;
  [[nodiscard]] std::size_t tracks() const { return picture_.tracks.size(); }
  [[nodiscard]] std::size_t feeds_alive() const { return feeds_.alive(); }

 private:
  /// By time first, so that the oldest are at the front.
  using report_key = std::tuple<utc_time, source_id, std::string, double, double>;
  using track_changes = std::map<track_id, track_change>;

  [[nodiscard]] result<source_kind> known_source(std::string const& name) const;
  [[nodiscard]] result<void> take_observation(incoming const& record, decided_batch& batch, scan& reports, utc_time now,
                                              steady_time when);
  [[nodiscard]] result<void> take_alarm(incoming const& record, decided_batch& batch, utc_time now, steady_time when);
  [[nodiscard]] result<void> take_launch(incoming const& record, decided_batch& batch, utc_time now, steady_time when);
  [[nodiscard]] result<void> take_beat(threats::v1::FeedBeat const& beat, utc_time now, steady_time when);
  void restore_tracks(picture_memory const& memory);
  void add_feed_changes(threats::v1::PictureStep& step);
  void forget_old_unstored(utc_time now);

  ingest_policy policy_;
  source_book sources_;
  intake intake_;
  alarm_intake alarms_;
  launch_intake launches_;
  feed_watch feeds_;
  picture picture_;
  std::set<report_key> unstored_;
};

}  // namespace siren
