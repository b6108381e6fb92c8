#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/stream/cursor.h"
#include "siren/threat/v1/threat.pb.h"

namespace siren {

class pg_store;

/// A record as it came in, with what ingest added; kept as history.
struct stored_observation {
  proto::threat::v1::Observation observation;
  std::string trace;
  wall_time received_at;
};

/// The threat picture's log as threat_ingest writes it: one step per batch. One writer at a time per country.
class picture_log_writer {
 public:
  virtual ~picture_log_writer() = default;
  /// One transaction: the step gets its place (set in the returned copy), history rows, live track state.
  [[nodiscard]] virtual result<proto::threat::v1::PictureStep> append(proto::threat::v1::PictureStep step,
                                                               std::vector<stored_observation> const& observations) = 0;
};

class picture_log_reader {
 public:
  virtual ~picture_log_reader() = default;
  [[nodiscard]] virtual result<cursor> head() = 0;
  [[nodiscard]] virtual result<std::vector<proto::threat::v1::PictureStep>> read_after(cursor after, std::size_t at_most) = 0;
  /// Tracks alive, running region alarms and feeds at one instant, as one step placed at the head.
  [[nodiscard]] virtual result<proto::threat::v1::PictureStep> read_state() = 0;
};

[[nodiscard]] std::unique_ptr<picture_log_writer> make_pg_picture_log_writer(pg_store& store, std::string country);
[[nodiscard]] std::unique_ptr<picture_log_reader> make_pg_picture_log_reader(pg_store& store, std::string country);

}  // namespace siren
