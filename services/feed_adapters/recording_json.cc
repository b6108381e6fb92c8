#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "common/convert/base_convert.h"
#include "feed_adapters/feed_json.h"
#include "feed_adapters/recording.h"

namespace siren {
namespace {

using threats::v1::StreamThreatsRequest;

constexpr std::size_t kMostDepth = 16;  // a record nests four deep

result<recorded> record_of(std::string_view line) {
  // Before protobuf's own parser: it takes more than JSON, and nests as deep as it is told to.
  if (auto const plain = parse_feed_json(line, {line.size(), kMostDepth}); !plain) return plain.error();
  recorded read;
  auto const parsed = google::protobuf::util::JsonStringToMessage({line.data(), line.size()}, &read.record);
  if (!parsed.ok()) return failure{reason::malformed, "no StreamThreatsRequest: " + parsed.ToString()};
  switch (read.record.record_case()) {
    case StreamThreatsRequest::kObservation: {
      auto& report = *read.record.mutable_observation();
      if (!report.has_observed_time()) return failure{reason::time_missing, "no observed_time"};
      read.at = utc_from_proto(report.observed_time());
      report.set_world(geo::v1::WORLD_EXERCISE);
      return read;
    }
    case StreamThreatsRequest::kRegionAlarm: {
      auto& alarm = *read.record.mutable_region_alarm();
      if (!alarm.has_changed_time()) return failure{reason::time_missing, "no changed_time"};
      read.at = utc_from_proto(alarm.changed_time());
      alarm.set_world(geo::v1::WORLD_EXERCISE);
      return read;
    }
    case StreamThreatsRequest::kLaunch: {
      auto& launch = *read.record.mutable_launch();
      if (!launch.has_launched_time()) return failure{reason::time_missing, "no launched_time"};
      read.at = utc_from_proto(launch.launched_time());
      launch.set_world(geo::v1::WORLD_EXERCISE);
      return read;
    }
    case StreamThreatsRequest::kBeat:
      return read;
    case StreamThreatsRequest::RECORD_NOT_SET:
      break;
  }
  return failure{reason::missing_field, "neither an observation, a region alarm nor a launch"};
}

}  // namespace

result<recording> parse_json_lines(std::string_view text, recording_limits const& limits) {
  recording read;
  for (std::size_t line = 1; !text.empty(); ++line) {
    if (line > limits.max_lines)
      return failure{reason::message_too_large, "more than " + std::to_string(limits.max_lines) + " lines"};
    auto const end = std::min(text.find('\n'), text.size());
    auto one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.ends_with('\r')) one.remove_suffix(1);
    if (one.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (one.size() > limits.max_line_bytes) {
      read.rejects.push_back({line, {reason::message_too_large, "a line of " + std::to_string(one.size()) + " bytes"}});
      continue;
    }
    auto record = record_of(one);
    if (!record)
      read.rejects.push_back({line, record.error()});
    else if (record->record.record_case() != StreamThreatsRequest::kBeat)
      read.records.push_back(std::move(*record));
  }
  std::stable_sort(read.records.begin(), read.records.end(),
                   [](recorded const& a, recorded const& b) { return a.at < b.at; });
  return read;
}

}  // namespace siren
