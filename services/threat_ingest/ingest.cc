#include "threat_ingest/ingest.h"

#include <algorithm>

#include "common/convert/base_convert.h"
#include "common/convert/threat_convert.h"

namespace siren {
namespace {

void add_changes(std::vector<track_change> changes, std::map<track_id, track_change>& to) {
  for (auto& change : changes) to.insert_or_assign(change.now.id, std::move(change));
}

void add_tracks(std::map<track_id, track_change> const& changes, threats::v1::PictureStep& to) {
  for (auto const& [id, change] : changes) to_proto(change, to.add_tracks());
}

void to_proto(feed_life const& from, threats::v1::FeedState* to) {
  to->set_source(from.source.value);
  to->set_official(from.official);
  to->set_alive(from.alive);
  to->set_kind(static_cast<threats::v1::SourceKind>(from.kind));
  to_proto(from.changed_at, to->mutable_changed_time());
}

static_assert(static_cast<int>(source_kind::volunteer) == threats::v1::SOURCE_KIND_VOLUNTEER);

feed_life from_proto(threats::v1::FeedState const& from) {
  return {source_id{from.source()}, from.official(), from.alive(), utc_from_proto(from.changed_time()),
          threats::v1::SourceKind_IsValid(from.kind()) ? static_cast<source_kind>(from.kind()) : source_kind::unlisted};
}

result<void> may_speak(incoming const& record) {
  auto const& source = source_of(record.request);
  if (!record.sources || record.sources->contains(source)) return {};
  return failure{reason::role_missing, "this feed's certificate does not name the source"};
}

}  // namespace

std::string const& source_of(threats::v1::StreamThreatsRequest const& request) {
  if (request.has_region_alarm()) return request.region_alarm().source();
  if (request.has_launch()) return request.launch().source();
  if (request.has_beat()) return request.beat().source();
  return request.observation().source();
}

void widen(ingest_policy& policy, seconds slack) {
  policy.intake.future_skew += slack;
  for (auto* classes : {&policy.intake.classes, &policy.tracks.classes}) {
    for (auto& traits : *classes) {
      traits.tentative_limit += slack;
      traits.coast_limit += slack;
      traits.freshness_horizon += slack;
    }
  }
}

seconds ingest_policy::longest_horizon() const {
  seconds longest{0};
  for (auto const& traits : intake.classes) longest = std::max(longest, traits.freshness_horizon);
  return longest;
}

ingest::ingest(ingest_policy policy, source_book sources, std::set<zone_id> regions)
    : policy_{std::move(policy)},
      sources_{std::move(sources)},
      alarms_{std::move(regions)},
      feeds_{policy_.feed_silence} {}

void ingest::restore(picture_memory const& memory, utc_time now, steady_time when) {
  restore_tracks(memory);
  for (auto const& alarm : memory.state.region_alarms()) alarms_.restore(from_proto(alarm));
  for (auto const& launch : memory.state.launches()) launches_.restore(from_proto(launch));
  for (auto const& feed : memory.state.feeds()) feeds_.restore(from_proto(feed), when);
  for (auto const& [source, kind] : sources_.listed()) feeds_.expect(source, kind, now);
  for (auto const& stored : memory.recent) {
    auto report = from_proto(stored.observation);
    report.trace = trace_id{stored.trace};
    // Too old by now: then a copy would be refused for that.
    static_cast<void>(admit(intake_, report, policy_.intake, now));
  }
}

void ingest::restore_tracks(picture_memory const& memory) {
  picture_.next_id = memory.last_track_id + 1;
  for (auto const& kept : memory.state.tracks()) {
    auto read = from_proto(kept);
    if (!read) continue;
    // How often a tentative track was seen is not kept: it needs up to confirm_hits - 1 reports more than it would
    // have.
    picture_.tracks.push_back(resumed(read->now, policy_.tracks));
  }
}

result<source_kind> ingest::known_source(std::string const& name) const {
  if (name.empty()) return failure{reason::missing_field, "source is empty"};
  if (name.size() > kMaxSourceBytes) return failure{reason::field_too_long, "source is longer than 64 bytes"};
  if (std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return failure{reason::malformed, "source has a control character"};
  source_id const source{name};
  auto const kind = sources_.find(source);
  if (!kind) return failure{reason::unknown_source, "source is not configured"};
  if (feeds_.size() >= policy_.max_feeds && !feeds_.knows(source))
    return failure{reason::unknown_source, "too many sources"};
  return *kind;
}

decided_batch ingest::decide(std::span<incoming const> records, utc_time now, steady_time when) {
  decided_batch batch;
  scan reports;
  for (auto const& record : records) {
    if (auto allowed = may_speak(record); !allowed) {
      batch.verdicts.push_back(allowed.error());
      continue;
    }
    switch (record.request.record_case()) {
      case threats::v1::StreamThreatsRequest::kObservation:
        batch.verdicts.push_back(take_observation(record, batch, reports, now, when));
        break;
      case threats::v1::StreamThreatsRequest::kRegionAlarm:
        batch.verdicts.push_back(take_alarm(record, batch, now, when));
        break;
      case threats::v1::StreamThreatsRequest::kLaunch:
        batch.verdicts.push_back(take_launch(record, batch, now, when));
        break;
      case threats::v1::StreamThreatsRequest::kBeat:
        batch.verdicts.push_back(take_beat(record.request.beat(), now, when));
        break;
      case threats::v1::StreamThreatsRequest::RECORD_NOT_SET:
        batch.verdicts.push_back(failure{reason::missing_field, "neither observation, region alarm, launch nor beat"});
        break;
    }
  }
  forget_old_unstored(now);
  track_changes changes;
  if (!reports.reports.empty()) add_changes(apply(picture_, reports, policy_.tracks), changes);
  add_tracks(changes, batch.step);
  add_feed_changes(batch.step);
  return batch;
}

result<void> ingest::take_observation(incoming const& record, decided_batch& batch, scan& reports, utc_time now,
                                      steady_time when) {
  auto const& said = record.request.observation();
  auto const kind = known_source(said.source());
  if (!kind) return kind.error();
  if (!said.has_position()) return failure{reason::missing_field, "position is not set"};
  auto report = from_proto(said);
  // What volunteers pass on stays their word: nobody gains weight through them.
  if (*kind == source_kind::volunteer) report.origin = {};
  report.trace = record.trace;
  report.received_at = record.received_at;
  auto admitted = admit(intake_, report, policy_.intake, now);
  auto const fresh = admitted.ok();
  if (fresh || admitted.error().why == reason::duplicate) feeds_.heard(report.source, *kind, false, now, when);
  if (!fresh) return admitted;
  report_key const key{report.observed_at, report.source, report.native_id, report.position.lat.value,
                       report.position.lon.value};
  if (unstored_.erase(key) > 0) {
    batch.again.push_back({said, record.trace.value, record.received_at});
    return {};
  }
  batch.observations.push_back({said, record.trace.value, record.received_at});
  reports.reports.push_back(std::move(report));
  return {};
}

result<void> ingest::take_alarm(incoming const& record, decided_batch& batch, utc_time now, steady_time when) {
  auto const& said = record.request.region_alarm();
  auto const kind = known_source(said.source());
  if (!kind) return kind.error();
  auto alarm = from_proto(said);
  alarm.trace = record.trace;
  alarm.received_at = record.received_at;
  auto admitted = alarms_.admit(alarm, *kind, policy_.intake, now);
  if (admitted || admitted.error().why == reason::duplicate) feeds_.heard(alarm.source, *kind, true, now, when);
  if (admitted) to_proto(alarm, batch.step.add_region_alarms());
  return admitted;
}

result<void> ingest::take_launch(incoming const& record, decided_batch& batch, utc_time now, steady_time when) {
  auto const& said = record.request.launch();
  auto const kind = known_source(said.source());
  if (!kind) return kind.error();
  auto launch = from_proto(said);
  launch.trace = record.trace;
  launch.received_at = record.received_at;
  auto admitted = launches_.admit(launch, policy_.intake, now);
  if (admitted || admitted.error().why == reason::duplicate) feeds_.heard(launch.source, *kind, false, now, when);
  if (admitted) to_proto(launch, batch.step.add_launches());
  return admitted;
}

result<void> ingest::take_beat(threats::v1::FeedBeat const& beat, utc_time now, steady_time when) {
  auto const kind = known_source(beat.source());
  if (!kind) return kind.error();
  // What a source is, its configuration says; only an unlisted one speaks for itself.
  feeds_.heard(source_id{beat.source()}, *kind, *kind == source_kind::unlisted && beat.official(), now, when);
  return {};
}

threats::v1::PictureStep ingest::pass_time(utc_time now, steady_time when) {
  threats::v1::PictureStep step;
  track_changes changes;
  add_changes(apply(picture_, tick{now}, policy_.tracks), changes);
  add_tracks(changes, step);
  feeds_.pass_time(now, when);
  add_feed_changes(step);
  return step;
}

void ingest::not_stored(decided_batch const& batch) {
  for (auto const* group : {&batch.observations, &batch.again})
    for (auto const& stored : *group) {
      auto const report = from_proto(stored.observation);
      forget(intake_, report);
      unstored_.insert(
          {report.observed_at, report.source, report.native_id, report.position.lat.value, report.position.lon.value});
    }
  for (auto const& alarm : batch.step.region_alarms()) alarms_.not_stored(from_proto(alarm));
  for (auto const& launch : batch.step.launches()) launches_.not_stored(from_proto(launch));
}

void ingest::stored_later(decided_batch const& batch, utc_time now) {
  for (auto const* group : {&batch.observations, &batch.again})
    for (auto const& stored : *group) {
      auto const report = from_proto(stored.observation);
      unstored_.erase(
          {report.observed_at, report.source, report.native_id, report.position.lat.value, report.position.lon.value});
      static_cast<void>(siren::admit(intake_, report, policy_.intake, now));  // one that has become too old stays so
    }
  for (auto const& alarm : batch.step.region_alarms()) alarms_.stored(from_proto(alarm));
  for (auto const& launch : batch.step.launches()) launches_.stored(from_proto(launch));
}

void ingest::forget_old_unstored(utc_time now) {
  auto const too_old = now - policy_.longest_horizon();
  while (!unstored_.empty() &&
         (unstored_.size() > policy_.max_unstored || std::get<utc_time>(*unstored_.begin()) <= too_old))
    unstored_.erase(unstored_.begin());
}

void ingest::add_feed_changes(threats::v1::PictureStep& step) {
  for (auto const& feed : feeds_.take_changes()) to_proto(feed, step.add_feeds());
}

threats::v1::PictureStep ingest::whole() const {
  threats::v1::PictureStep step;
  for (auto const& one : picture_.tracks) to_proto(track_change{one.now, track_end::none}, step.add_tracks());
  for (auto const& alarm : alarms_.all()) to_proto(alarm, step.add_region_alarms());
  for (auto const& launch : launches_.all()) to_proto(launch, step.add_launches());
  for (auto const& feed : feeds_.all()) to_proto(feed, step.add_feeds());
  return step;
}

}  // namespace siren
