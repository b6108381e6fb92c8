#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/stream/cursor.h"
#include "core/stream/picture_state.h"

namespace siren {

class pg_store;

/// One entry as it lies in the log: the alert is opaque bytes here (siren.alerts.v1.Alert).
struct alert_entry {
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;
  zone_id zone;
  alert_id alert;
  std::uint32_t rev = 0;
  bool ended = false;
  std::string bytes;
};

/// What is to be logged. (source, message_id) is unique for ever: sent again, nothing is added.
struct alert_append {
  zone_id zone;
  alert_id alert;
  std::uint32_t rev = 0;
  bool ended = false;
  std::string bytes;
  std::string source;
  std::string message_id;
  std::string actor;
  std::string act;
  std::string because;
  trace_id trace;
};

struct alert_head {
  cursor head;
  picture_state picture = picture_state::unknown;
  /// How long ago the engine gave its last sign, by the database's own clock; absent: never.
  std::optional<milliseconds> engine_silence;
};

/// The terms of a writer that takes over. Terms only rise, but a log that is put back to a copy gives later ones again:
/// who led is told by term and epoch.
struct alert_term {
  std::uint64_t before = 0;  // the newest of all writers until now; 0: there was none
  std::uint64_t mine = 0;
  cursor head;
  std::uint64_t epoch_before = 0;  // of the log as it was found
};

/// The log as zone_engine writes it. One writer at a time per country: once another has taken over, append, beat and
/// renew fail with DEPOSED and change nothing, however late they come. A writer that never took over is not fenced.
class alert_log_writer {
 public:
  virtual ~alert_log_writer() = default;
  /// Shuts out every writer before this one. `known`: a place that the log is known to have reached; if it is behind it
  /// in the same epoch, it was restored from an older copy and gets a new epoch (see renew).
  [[nodiscard]] virtual result<alert_term> take_over(cursor known) = 0;
  /// All in one transaction, in order; returns the entries with their places. A message already logged keeps its first
  /// place. STORE_UNAVAILABLE: nothing was logged or it is in doubt; sending again is safe. LOG_WENT_BACK: the log is
  /// behind what this writer has seen of it, so it was restored from an older copy: renew it first.
  [[nodiscard]] virtual result<std::vector<alert_entry>> append(std::vector<alert_append> const& alerts) = 0;
  /// Whether this writer may still append: what append would check, without appending.
  [[nodiscard]] virtual result<void> confirm() = 0;
  /// Gives the log a new epoch, whose sequence goes on after everything that anybody can have seen: every reader takes
  /// a whole state. Returns the newest entry of every zone as the log has it, for the caller to append what is missing.
  [[nodiscard]] virtual result<std::vector<alert_entry>> renew() = 0;
  [[nodiscard]] virtual result<void> beat(picture_state picture) = 0;
  /// Entries logged but not known to be published; `published` forgets them.
  [[nodiscard]] virtual result<std::vector<alert_entry>> unpublished(std::size_t at_most) = 0;
  [[nodiscard]] virtual result<void> published(std::vector<cursor> const& places) = 0;
};

/// The log as gateways and others read it. Constant work for head(); never one query per phone.
class alert_log_reader {
 public:
  virtual ~alert_log_reader() = default;
  [[nodiscard]] virtual result<alert_head> head() = 0;
  /// Entries after `after` in order, at most `at_most`. A place of another epoch: failure SCHEMA_MISMATCH, take a
  /// state().
  [[nodiscard]] virtual result<std::vector<alert_entry>> read_after(cursor after, std::size_t at_most) = 0;
  /// The newest entry of every zone, ended ones too, and the head they belong to, as of one instant.
  struct state {
    cursor at;
    std::vector<alert_entry> newest_by_zone;
  };
  [[nodiscard]] virtual result<state> read_state() = 0;
};

[[nodiscard]] std::unique_ptr<alert_log_writer> make_pg_alert_log_writer(pg_store& store, std::string country);
[[nodiscard]] std::unique_ptr<alert_log_reader> make_pg_alert_log_reader(pg_store& store, std::string country);

}  // namespace siren
