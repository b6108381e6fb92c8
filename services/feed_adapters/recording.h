#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "common/city_bundle/city_bundle.h"
#include "siren/threats/v1/threat_feed_service.pb.h"

namespace siren {

struct recorded {
  utc_time at;  // when it was observed, or changed
  threats::v1::StreamThreatsRequest record;
};

struct recording_reject {
  std::size_t line = 0;  // the first is 1
  failure because;
};

/// What was recorded, in order of time, and which lines could not be read. A recording is never live: every record is
/// of the exercise world, whatever the file says.
struct recording {
  std::vector<recorded> records;
  std::vector<recording_reject> rejects;
};

struct recording_limits {
  std::size_t max_line_bytes = 64U << 10U;  // sixty times a real record
  std::size_t max_lines = 5'000'000;        // a hundred times the alarms of two years
};

/// Position reports: observed_at_utc, lat, lon, threat_class (names of core, "kab", or empty), count, source; further
/// columns are passed over. They are said by `source`; the column tells who measured. Failure of the whole:
/// missing_field (no such header), message_too_large. Of a line: malformed, missing_field, …
[[nodiscard]] result<recording> parse_reports_csv(std::string_view text, source_id const& source,
                                                  recording_limits const& limits = {});

/// Which zone a recorded name means: "Kyivska oblast", "Kyivska oblast/Buchanskyi raion", …
using region_names = std::map<std::string, zone_id>;
/// Zones of the bundle by their English names, each with its parents' names before it down from the oblast. Names that
/// two zones share are left out.
[[nodiscard]] region_names names_of(std::vector<zone> const& zones);
/// A CSV of name, zone_id; added to `names`, and stronger. Failure: missing_field; malformed, unknown_zone with the
/// line.
[[nodiscard]] result<void> add_region_names(std::string_view text, std::vector<zone> const& zones, region_names& names);

/// Official alarms: oblast, raion, hromada, level (oblast, raion, hromada), started_at, finished_at (RFC 3339 with a
/// space for the T; empty while it runs). Each gives a start and an end. Regions without a zone are rejects,
/// unknown_region. Failure: as above.
[[nodiscard]] result<recording> parse_alarms_csv(std::string_view text, source_id const& source,
                                                 region_names const& names, recording_limits const& limits = {});

/// A StreamThreatsRequest as JSON a line, as the README shows them. Beats are passed over. Failure of the whole:
/// message_too_large. Of a line: malformed, missing_field (no record), time_missing, message_too_large.
[[nodiscard]] result<recording> parse_json_lines(std::string_view text, recording_limits const& limits = {});

}  // namespace siren
