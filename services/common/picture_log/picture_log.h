#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/stream/cursor.h"
#include "siren/threats/v1/threat.pb.h"

namespace siren {

class pg_store;

/// A record as it came in, with what ingest added; kept as history.
struct stored_observation {
  threats::v1::Observation observation;
  std::string trace;
  wall_time received_at;
};

/// What a writer that starts must know of the one before it.
struct picture_memory {
  /// Tracks alive, the newest word of every source on every region and every launch of the last hour (ended ones too)
  /// and feeds, placed at seq 0 of the new epoch.
  threats::v1::PictureStep state;
  /// The highest track id ever logged; 0: none.
  std::uint64_t last_track_id = 0;
  /// History since the asked time, the newest last.
  std::vector<stored_observation> recent;
};

/// The threat picture's log as threat_ingest writes it: one step per batch. One writer at a time per country; an epoch
/// is the life of one writer.
class picture_log_writer {
 public:
  virtual ~picture_log_writer() = default;

  /// Begins a new epoch at seq 0 and gives what is known. Every writer before this one is shut out from then on.
  /// `recent` holds at most `at_most` observations not older than `since`; the oldest are left out.
  [[nodiscard]] virtual result<picture_memory> open(utc_time since, std::size_t at_most) = 0;

  /// As open, but the whole picture is `whole` from then on: for a writer that lost steps. Returns it placed at seq 0
  /// of the new epoch.
  [[nodiscard]] virtual result<threats::v1::PictureStep> reopen(threats::v1::PictureStep whole) = 0;

  /// One transaction: the step gets its place (set in the returned copy), history rows, live track, alarm and feed
  /// state. A step that names its place (epoch not 0) is logged there or not at all: SCHEMA_MISMATCH when another
  /// writer took over; LOG_WENT_BACK when the log is behind it, so was restored from an older copy: reopen it; named
  /// again after a doubtful STORE_UNAVAILABLE, it is logged once. A step without changes takes no place: only its
  /// observations are kept. Observations already kept are skipped.
  [[nodiscard]] virtual result<threats::v1::PictureStep> append(
      threats::v1::PictureStep step, std::vector<stored_observation> const& observations) = 0;

  /// A sign of life, as every append is: without one the picture counts as unknown.
  [[nodiscard]] virtual result<void> beat() = 0;

  /// Deletes steps of earlier epochs and those more than `keep` steps behind the head, at most `at_most` a call;
  /// returns how many. Whoever is further behind takes a read_state.
  [[nodiscard]] virtual result<std::size_t> prune(std::uint64_t keep, std::size_t at_most) = 0;
};

class picture_log_reader {
 public:
  virtual ~picture_log_reader() = default;
  /// Constant work. The first use of a country's log makes its head, with a random epoch.
  [[nodiscard]] virtual result<cursor> head() = 0;
  /// How long ago the writer gave its last sign of life, by the database's own clock; absent: never.
  [[nodiscard]] virtual result<std::optional<milliseconds>> writer_silence() = 0;
  /// Steps after `after` in order, without a hole, at most `at_most`; none when `after` is at the head or, in an outage
  /// of the store that a writer lives through, ahead of it. SCHEMA_MISMATCH when `after` is of another epoch or its
  /// successor was pruned: take a read_state.
  [[nodiscard]] virtual result<std::vector<threats::v1::PictureStep>> read_after(cursor after, std::size_t at_most) = 0;
  /// Tracks alive, running region alarms, launches of the hour before the newest that are not over, and feeds, at one
  /// instant, as one step placed at the head.
  [[nodiscard]] virtual result<threats::v1::PictureStep> read_state() = 0;
};

/// Whether a step says anything.
[[nodiscard]] bool has_changes(threats::v1::PictureStep const& step);

[[nodiscard]] std::unique_ptr<picture_log_writer> make_pg_picture_log_writer(pg_store& store, std::string country);
[[nodiscard]] std::unique_ptr<picture_log_reader> make_pg_picture_log_reader(pg_store& store, std::string country);

}  // namespace siren
