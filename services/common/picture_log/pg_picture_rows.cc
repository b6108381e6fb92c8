#include "common/picture_log/pg_picture_rows.h"

#include <map>
#include <tuple>

#include "common/convert/base_convert.h"
#include "common/pg_array.h"

namespace siren {
namespace {

// Times travel as microseconds since 1970: exact, since 2^53 of them reach the year 2255.
constexpr auto kKeepObservations = R"(
INSERT INTO observation (source, native_id, observed_at, latitude_deg, longitude_deg, threat_class, observation, trace_id,
                         received_at)
SELECT source, native_id, 'epoch'::timestamptz + observed_us * interval '1 microsecond', lat, lon, class, bytes, trace,
       'epoch'::timestamptz + received_us * interval '1 microsecond'
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::float8[], $5::float8[], $6::smallint[], $7::bytea[], $8::text[],
            $9::bigint[])
     AS new (source, native_id, observed_us, lat, lon, class, bytes, trace, received_us)
ON CONFLICT DO NOTHING)";

constexpr auto kKeepTrackHistory = R"(
INSERT INTO track_history (track_id, updated_at, latitude_deg, longitude_deg, threat_class, confirmed, ended, picture_seq)
SELECT id, 'epoch'::timestamptz + updated_us * interval '1 microsecond', lat, lon, class, confirmed, ended, $8
FROM unnest($1::bigint[], $2::bigint[], $3::float8[], $4::float8[], $5::smallint[], $6::boolean[], $7::smallint[])
     AS new (id, updated_us, lat, lon, class, confirmed, ended))";
constexpr auto kKeepTrackState = R"(
INSERT INTO track_state (track_id, track) SELECT * FROM unnest($1::bigint[], $2::bytea[])
ON CONFLICT (track_id) DO UPDATE SET track = excluded.track)";
constexpr auto kEndTracks = "DELETE FROM track_state WHERE track_id = ANY($1::bigint[])";

constexpr auto kKeepRegionAlarms = R"(
INSERT INTO region_alarm (source, native_id, region_id, alarm_type, active, changed_at, trace_id, received_at)
SELECT source, native_id, region, type, active, 'epoch'::timestamptz + changed_us * interval '1 microsecond', trace,
       'epoch'::timestamptz + received_us * interval '1 microsecond'
FROM unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::boolean[], $6::bigint[], $7::text[], $8::bigint[])
     AS new (source, native_id, region, type, active, changed_us, trace, received_us)
ON CONFLICT DO NOTHING)";
constexpr auto kKeepRegionAlarmState = R"(
INSERT INTO region_alarm_state (source, region_id, alarm_type, active, alarm)
SELECT * FROM unnest($1::text[], $2::text[], $3::smallint[], $4::boolean[], $5::bytea[])
ON CONFLICT (source, region_id, alarm_type) DO UPDATE SET active = excluded.active, alarm = excluded.alarm)";

constexpr auto kKeepFeeds = R"(
INSERT INTO feed_state (source, feed) SELECT * FROM unnest($1::text[], $2::bytea[])
ON CONFLICT (source) DO UPDATE SET feed = excluded.feed)";

constexpr auto kKeepLaunches = R"(
INSERT INTO launch_report (source, native_id, said_at, ended, launch, trace_id, received_at)
SELECT source, native_id, 'epoch'::timestamptz + said_us * interval '1 microsecond', ended, launch, trace,
       'epoch'::timestamptz + received_us * interval '1 microsecond'
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[], $5::bytea[], $6::text[], $7::bigint[])
     AS new (source, native_id, said_us, ended, launch, trace, received_us)
ON CONFLICT DO NOTHING)";

constexpr auto kForgetState = "DELETE FROM track_state; DELETE FROM region_alarm_state; DELETE FROM feed_state";

std::int64_t micros(google::protobuf::Timestamp const& at) {
  return utc_from_proto(at).time_since_epoch().count();
}

void keep_region_alarm_state(pqxx::work& work, threats::v1::PictureStep const& step) {
  // One statement may not touch a row twice, so the last word on each alarm is picked out here.
  std::map<std::tuple<std::string, std::string, int>, threats::v1::LoggedRegionAlarm const*> newest;
  for (auto const& logged : step.region_alarms())
    newest[{logged.alarm().source(), logged.alarm().region_id(), logged.alarm().type()}] = &logged;
  pg_array source, region, type, active, bytes;
  for (auto const& [key, logged] : newest) {
    source.add_text(std::get<0>(key));
    region.add_text(std::get<1>(key));
    type.add(std::int64_t{std::get<2>(key)});
    active.add(logged->alarm().active());
    bytes.add_bytes(logged->SerializeAsString());
  }
  work.exec_params0(kKeepRegionAlarmState, source.literal(), region.literal(), type.literal(), active.literal(),
                    bytes.literal());
}

}  // namespace

void keep_observations(pqxx::work& work, std::vector<stored_observation> const& observations) {
  if (observations.empty()) return;
  pg_array source, native_id, observed, lat, lon, kind, bytes, trace, received;
  for (auto const& [report, trace_text, received_at] : observations) {
    source.add_text(report.source());
    native_id.add_text(report.native_id());
    observed.add(micros(report.observed_time()));
    lat.add(report.position().latitude_deg());
    lon.add(report.position().longitude_deg());
    kind.add(std::int64_t{report.threat_class()});
    bytes.add_bytes(report.SerializeAsString());
    trace.add_text(trace_text);
    received.add(std::int64_t{received_at.time_since_epoch().count()});
  }
  work.exec_params0(kKeepObservations, source.literal(), native_id.literal(), observed.literal(), lat.literal(),
                    lon.literal(), kind.literal(), bytes.literal(), trace.literal(), received.literal());
}

void keep_tracks(pqxx::work& work, threats::v1::PictureStep const& step) {
  if (step.tracks().empty()) return;
  pg_array id, updated, lat, lon, kind, confirmed, ended;
  pg_array live_id, live_bytes, gone_id;
  for (auto const& track : step.tracks()) {
    auto const number = static_cast<std::int64_t>(track.track_id());
    id.add(number);
    updated.add(micros(track.updated_time()));
    lat.add(track.position().latitude_deg());
    lon.add(track.position().longitude_deg());
    kind.add(std::int64_t{track.threat_class()});
    confirmed.add(track.confirmed());
    ended.add(std::int64_t{track.end()});
    if (track.end() == threats::v1::TRACK_END_UNSPECIFIED) {
      live_id.add(number);
      live_bytes.add_bytes(track.SerializeAsString());
    } else {
      gone_id.add(number);
    }
  }
  work.exec_params0(kKeepTrackHistory, id.literal(), updated.literal(), lat.literal(), lon.literal(), kind.literal(),
                    confirmed.literal(), ended.literal(), static_cast<std::int64_t>(step.seq()));
  work.exec_params0(kKeepTrackState, live_id.literal(), live_bytes.literal());
  work.exec_params0(kEndTracks, gone_id.literal());
}

void keep_region_alarms(pqxx::work& work, threats::v1::PictureStep const& step) {
  if (step.region_alarms().empty()) return;
  pg_array source, native_id, region, type, active, changed, trace, received;
  for (auto const& logged : step.region_alarms()) {
    source.add_text(logged.alarm().source());
    native_id.add_text(logged.alarm().native_id());
    region.add_text(logged.alarm().region_id());
    type.add(std::int64_t{logged.alarm().type()});
    active.add(logged.alarm().active());
    changed.add(micros(logged.alarm().changed_time()));
    trace.add_text(logged.trace_id());
    received.add(micros(logged.received_time()));
  }
  work.exec_params0(kKeepRegionAlarms, source.literal(), native_id.literal(), region.literal(), type.literal(),
                    active.literal(), changed.literal(), trace.literal(), received.literal());
  keep_region_alarm_state(work, step);
}

void keep_feeds(pqxx::work& work, threats::v1::PictureStep const& step) {
  if (step.feeds().empty()) return;
  std::map<std::string, threats::v1::FeedState const*> newest;
  for (auto const& feed : step.feeds()) newest[feed.source()] = &feed;
  pg_array source, bytes;
  for (auto const& [name, feed] : newest) {
    source.add_text(name);
    bytes.add_bytes(feed->SerializeAsString());
  }
  work.exec_params0(kKeepFeeds, source.literal(), bytes.literal());
}

void keep_launches(pqxx::work& work, threats::v1::PictureStep const& step) {
  if (step.launches().empty()) return;
  pg_array source, native_id, said, over, bytes, trace, received;
  for (auto const& logged : step.launches()) {
    source.add_text(logged.launch().source());
    native_id.add_text(logged.launch().native_id());
    said.add(micros(logged.launch().launched_time()));
    over.add(logged.launch().over());
    bytes.add_bytes(logged.SerializeAsString());
    trace.add_text(logged.trace_id());
    received.add(micros(logged.received_time()));
  }
  work.exec_params0(kKeepLaunches, source.literal(), native_id.literal(), said.literal(), over.literal(),
                    bytes.literal(), trace.literal(), received.literal());
}

void forget_state(pqxx::work& work) {
  work.exec(kForgetState);
}

}  // namespace siren
