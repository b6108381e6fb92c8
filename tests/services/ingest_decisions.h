#pragma once

#include <string>
#include <vector>

#include "common/clock.h"
#include "services/threat_records.h"
#include "threat_ingest/ingest.h"

namespace siren::test {

/// ingest's decisions over records of an imaginary hour, and what came of them in short words.

inline steady_time const kStart{hours{1}};

inline ingest_policy exercise_policy() {
  ingest_policy policy;
  policy.intake.serves = world::exercise;
  return policy;
}

inline ingest make_ingest(ingest_policy policy = exercise_policy()) {
  source_map sources{{source_id{"air_force"}, source_kind::official}, {source_id{"radar"}, source_kind::sensor}};
  return ingest{std::move(policy), source_book{std::move(sources), false}, {zone_id{"31"}, zone_id{"14"}}};
}

inline std::vector<incoming> batch_of(std::vector<threats::v1::StreamThreatsRequest> requests) {
  std::vector<incoming> batch;
  for (auto& request : requests) batch.push_back({std::move(request), wall_now(), trace_id{std::string(32, 'a')}});
  return batch;
}

inline decided_batch decide(ingest& by, std::vector<threats::v1::StreamThreatsRequest> requests,
                            utc_time now = noon()) {
  return by.decide(batch_of(std::move(requests)), now, kStart);
}

inline std::string verdicts_of(decided_batch const& batch) {
  std::string text;
  for (auto const& verdict : batch.verdicts)
    text += (text.empty() ? "" : " ") + (verdict ? "ok" : std::string{name_of(verdict.error().why)});
  return text;
}

inline std::string changes_of(threats::v1::PictureStep const& step) {
  std::string text;
  for (auto const& track : step.tracks())
    text += "track " + std::to_string(track.track_id()) + (track.end() ? " ended;" : ";");
  for (auto const& alarm : step.region_alarms())
    text += "alarm " + alarm.alarm().region_id() + (alarm.alarm().active() ? " on;" : " off;");
  for (auto const& feed : step.feeds()) text += "feed " + feed.source() + (feed.alive() ? " alive;" : " dead;");
  return text;
}

}  // namespace siren::test
