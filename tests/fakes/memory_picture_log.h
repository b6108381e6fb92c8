#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "common/convert/base_convert.h"
#include "common/picture_log/picture_log.h"

namespace siren {

/// What the database of a picture log holds, in memory. Writers and readers made on it share it. Thread-safe.
class memory_picture_store {
 public:
  using alarm_key = std::tuple<std::string, std::string, int>;
  using observation_key = std::tuple<std::string, std::string, std::int64_t, double, double>;

  /// While not available every call fails with STORE_UNAVAILABLE.
  void set_available(bool yes) {
    std::lock_guard const lock{mutex};
    available = yes;
  }
  [[nodiscard]] std::size_t observation_count() {
    std::lock_guard const lock{mutex};
    return observations.size();
  }

  std::mutex mutex;
  bool available = true;
  std::uint64_t epoch = 1;
  std::uint64_t seq = 0;
  std::uint64_t last_track_id = 0;
  std::vector<threats::v1::PictureStep> log;  // of this epoch, without those pruned
  std::map<std::uint64_t, threats::v1::Track> tracks;
  std::map<alarm_key, threats::v1::LoggedRegionAlarm> alarms;
  std::map<std::string, threats::v1::FeedState> feeds;
  std::map<std::pair<std::string, std::string>, threats::v1::LoggedLaunch> launches;
  std::map<observation_key, stored_observation> observations;
  std::optional<milliseconds> silence = milliseconds{0};  // of the writer; set it to let time pass
  std::size_t of_earlier_epochs = 0;                      // steps still to be pruned

  [[nodiscard]] threats::v1::PictureStep state(bool ended_too) const {
    threats::v1::PictureStep step;
    step.set_epoch(epoch);
    step.set_seq(seq);
    for (auto const& [id, track] : tracks) *step.add_tracks() = track;
    for (auto const& [key, alarm] : alarms)
      if (alarm.alarm().active() || ended_too) *step.add_region_alarms() = alarm;
    for (auto const& [name, feed] : feeds) *step.add_feeds() = feed;
    auto newest = utc_time::min();
    for (auto const& [key, said] : launches) newest = std::max(newest, utc_from_proto(said.launch().launched_time()));
    for (auto const& [key, said] : launches)
      if (utc_from_proto(said.launch().launched_time()) > newest - hours{1} && (!said.launch().over() || ended_too))
        *step.add_launches() = said;
    return step;
  }

  void keep(threats::v1::PictureStep const& step) {
    for (auto const& track : step.tracks()) {
      last_track_id = std::max(last_track_id, track.track_id());
      tracks[track.track_id()] = track;
      if (track.end() != threats::v1::TRACK_END_UNSPECIFIED) tracks.erase(track.track_id());
    }
    for (auto const& logged : step.region_alarms())
      alarms[{logged.alarm().source(), logged.alarm().region_id(), logged.alarm().type()}] = logged;
    for (auto const& feed : step.feeds()) feeds[feed.source()] = feed;
    for (auto const& said : step.launches()) launches[{said.launch().source(), said.launch().native_id()}] = said;
  }

  void new_epoch() {
    ++epoch;
    seq = 0;
    of_earlier_epochs += log.size();
    log.clear();
  }
};

class memory_picture_log_writer final : public picture_log_writer {
 public:
  explicit memory_picture_log_writer(memory_picture_store& store) : store_{store} {}

  result<picture_memory> open(utc_time since, std::size_t at_most) override {
    std::lock_guard const lock{store_.mutex};
    if (!store_.available) return away();
    store_.new_epoch();
    picture_memory memory{store_.state(true), store_.last_track_id, {}};
    for (auto const& [key, stored] : store_.observations)
      if (utc_from_proto(stored.observation.observed_time()) >= since) memory.recent.push_back(stored);
    std::stable_sort(memory.recent.begin(), memory.recent.end(), [](auto const& a, auto const& b) {
      return utc_from_proto(a.observation.observed_time()) < utc_from_proto(b.observation.observed_time());
    });
    if (memory.recent.size() > at_most)
      memory.recent.erase(memory.recent.begin(), memory.recent.end() - static_cast<std::ptrdiff_t>(at_most));
    return memory;
  }

  result<threats::v1::PictureStep> reopen(threats::v1::PictureStep whole) override {
    std::lock_guard const lock{store_.mutex};
    if (!store_.available) return away();
    store_.new_epoch();
    store_.tracks.clear();
    store_.alarms.clear();
    store_.feeds.clear();
    store_.keep(whole);
    whole.set_epoch(store_.epoch);
    whole.set_seq(0);
    return whole;
  }

  result<threats::v1::PictureStep> append(threats::v1::PictureStep step,
                                          std::vector<stored_observation> const& observations) override {
    std::lock_guard const lock{store_.mutex};
    if (!store_.available) return away();
    if (has_changes(step)) {
      if (step.epoch() == store_.epoch && step.seq() <= store_.seq) return same_as_logged(step);
      auto const ahead = step.epoch() == store_.epoch && step.seq() > store_.seq + 1;
      if (step.epoch() > store_.epoch || ahead)
        return failure{reason::log_went_back, "the picture log is older than what was written to it"};
      if (step.epoch() != 0 && step.epoch() != store_.epoch)
        return failure{reason::schema_mismatch, "another writer of the threat picture has taken over"};
      step.set_epoch(store_.epoch);
      step.set_seq(++store_.seq);
      store_.log.push_back(step);
      store_.keep(step);
    }
    for (auto const& stored : observations) {
      auto const& report = stored.observation;
      store_.observations.try_emplace(
          {report.source(), report.native_id(), utc_from_proto(report.observed_time()).time_since_epoch().count(),
           report.position().latitude_deg(), report.position().longitude_deg()},
          stored);
    }
    return step;
  }

  result<void> beat() override {
    std::lock_guard const lock{store_.mutex};
    if (!store_.available) return away();
    store_.silence = milliseconds{0};
    return {};
  }

  result<std::size_t> prune(std::uint64_t keep, std::size_t at_most) override {
    std::lock_guard const lock{store_.mutex};
    if (!store_.available) return away();
    auto deleted = std::min(at_most, store_.of_earlier_epochs);
    store_.of_earlier_epochs -= deleted;
    while (deleted < at_most && !store_.log.empty() && store_.log.front().seq() + keep <= store_.seq) {
      store_.log.erase(store_.log.begin());
      ++deleted;
    }
    return deleted;
  }

 private:
  static failure away() { return {reason::store_unavailable, "the database does not answer"}; }

  result<threats::v1::PictureStep> same_as_logged(threats::v1::PictureStep const& step) const {
    for (auto const& logged : store_.log)
      if (logged.seq() == step.seq() && logged.SerializeAsString() == step.SerializeAsString()) return step;
    return failure{reason::schema_mismatch, "another step is logged in this one's place"};
  }

  memory_picture_store& store_;
};

class memory_picture_log_reader final : public picture_log_reader {
 public:
  explicit memory_picture_log_reader(memory_picture_store& store) : store_{store} {}

  result<cursor> head() override {
    std::lock_guard const lock{store_.mutex};
    if (!store_.available) return away();
    return cursor{store_.epoch, store_.seq};
  }

  result<std::optional<milliseconds>> writer_silence() override {
    std::lock_guard const lock{store_.mutex};
    if (!store_.available) return away();
    return store_.silence;
  }

  result<std::vector<threats::v1::PictureStep>> read_after(cursor after, std::size_t at_most) override {
    std::lock_guard const lock{store_.mutex};
    if (!store_.available) return away();
    if (after.epoch != store_.epoch) return failure{reason::schema_mismatch, "the picture log has a new epoch"};
    std::vector<threats::v1::PictureStep> steps;
    for (auto const& step : store_.log)
      if (step.seq() > after.seq && steps.size() < at_most) steps.push_back(step);
    auto const hole = steps.empty() ? after.seq < store_.seq && at_most > 0 : steps.front().seq() != after.seq + 1;
    if (hole) return failure{reason::schema_mismatch, "the steps after this place are no longer kept"};
    return steps;
  }

  result<threats::v1::PictureStep> read_state() override {
    std::lock_guard const lock{store_.mutex};
    if (!store_.available) return away();
    return store_.state(false);
  }

 private:
  static failure away() { return {reason::store_unavailable, "the database does not answer"}; }
  memory_picture_store& store_;
};

}  // namespace siren
