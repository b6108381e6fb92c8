#include <algorithm>

#include "common/pg_store.h"
#include "common/picture_log/pg_picture_head.h"
#include "common/picture_log/pg_picture_rows.h"
#include "common/picture_log/picture_log.h"

namespace siren {
namespace {

constexpr auto kBeat = "UPDATE picture_head SET beat_at = clock_timestamp() WHERE country = $1";
constexpr auto kSilence =
    "SELECT greatest(0, extract(epoch FROM clock_timestamp() - beat_at) * 1000)::bigint FROM picture_head WHERE "
    "country = $1";
constexpr auto kRecent = R"(
SELECT observation, trace_id, (extract(epoch FROM received_at) * 1000000)::bigint FROM observation
WHERE observed_at >= 'epoch'::timestamptz + $1::bigint * interval '1 microsecond' ORDER BY observed_at DESC LIMIT $2)";
constexpr auto kAppend = "INSERT INTO picture_log (country, epoch, seq, step) VALUES ($1, $2, $3, $4)";
constexpr auto kLogged = "SELECT step FROM picture_log WHERE country = $1 AND epoch = $2 AND seq = $3";
constexpr auto kReadAfter =
    "SELECT step FROM picture_log WHERE country = $1 AND epoch = $2 AND seq > $3 ORDER BY seq LIMIT $4";
constexpr auto kPruneOld = R"(
DELETE FROM picture_log WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM picture_log WHERE country = $1 AND epoch = $2 AND seq <= $3 ORDER BY seq LIMIT $4)))";
constexpr auto kPruneEpochs = R"(
DELETE FROM picture_log WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM picture_log WHERE country = $1 AND (epoch < $2 OR epoch > $2) LIMIT $3)))";

std::int64_t to_bigint(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

void keep_state(pqxx::work& work, threats::v1::PictureStep const& step) {
  keep_tracks(work, step);
  keep_region_alarms(work, step);
  keep_feeds(work, step);
  keep_launches(work, step);
}

void note_track_ids(picture_head& head, threats::v1::PictureStep const& step) {
  for (auto const& track : step.tracks()) head.last_track_id = std::max(head.last_track_id, track.track_id());
}

class pg_picture_log_writer final : public picture_log_writer {
 public:
  pg_picture_log_writer(pg_store& store, std::string country) : store_{store}, country_{std::move(country)} {}

  result<picture_memory> open(utc_time since, std::size_t at_most) override {
    picture_memory memory;
    auto done = store_.transact([&](pqxx::work& work) -> result<void> {
      memory = {};
      auto head = head_of(work, country_, true);
      head.at = {next_epoch(work, head.at.epoch), 0};
      move_head(work, country_, head);
      memory.last_track_id = head.last_track_id;
      memory.state = state_of(work, country_, true).step;
      read_recent(work, since, at_most, memory.recent);
      return {};
    });
    if (!done) return done.error();
    return memory;
  }

  result<threats::v1::PictureStep> reopen(threats::v1::PictureStep whole) override {
    auto done = store_.transact([&](pqxx::work& work) -> result<void> {
      auto head = head_of(work, country_, true);
      head.at = {next_epoch(work, head.at.epoch), 0};
      note_track_ids(head, whole);
      move_head(work, country_, head);
      whole.set_epoch(head.at.epoch);
      whole.set_seq(0);
      forget_state(work);
      keep_state(work, whole);
      return {};
    });
    if (!done) return done.error();
    return whole;
  }

  result<threats::v1::PictureStep> append(threats::v1::PictureStep step,
                                          std::vector<stored_observation> const& observations) override {
    auto done = store_.transact([&](pqxx::work& work) -> result<void> {
      if (!has_changes(step)) {
        keep_observations(work, observations);
        return {};
      }
      auto head = head_of(work, country_, true);
      if (step.epoch() != 0) {
        if (step.epoch() == head.at.epoch && step.seq() <= head.at.seq) return same_as_logged(work, step);
        if (head.at.epoch < step.epoch() || (head.at.epoch == step.epoch() && head.at.seq + 1 < step.seq()))
          return failure{reason::log_went_back, "the picture log is older than what was written to it"};
        if (head.at.epoch > step.epoch())
          return failure{reason::schema_mismatch, "another writer of the threat picture has taken over"};
      }
      ++head.at.seq;
      note_track_ids(head, step);
      move_head(work, country_, head);
      step.set_epoch(head.at.epoch);
      step.set_seq(head.at.seq);
      work.exec_params0(kAppend, country_, to_bigint(step.epoch()), to_bigint(step.seq()),
                        pg_bytes(step.SerializeAsString()));
      keep_observations(work, observations);
      keep_state(work, step);
      return {};
    });
    if (!done) return done.error();
    return step;
  }

  result<void> beat() override {
    return store_.transact([&](pqxx::work& work) -> result<void> {
      static_cast<void>(head_of(work, country_, false));  // there must be one to beat on
      work.exec_params0(kBeat, country_);
      return {};
    });
  }

  result<std::size_t> prune(std::uint64_t keep, std::size_t at_most) override {
    std::size_t deleted = 0;
    auto done = store_.transact([&](pqxx::work& work) -> result<void> {
      auto const head = head_of(work, country_, false);
      auto const epoch = to_bigint(head.at.epoch);
      deleted = work.exec_params(kPruneEpochs, country_, epoch, at_most).affected_rows();
      if (head.at.seq > keep && deleted < at_most)
        deleted += work.exec_params(kPruneOld, country_, epoch, to_bigint(head.at.seq - keep), at_most - deleted)
                       .affected_rows();
      return {};
    });
    if (!done) return done.error();
    return deleted;
  }

 private:
  /// The same step committed before although its answer was lost; anything else there means a second writer.
  result<void> same_as_logged(pqxx::work& work, threats::v1::PictureStep const& step) const {
    auto const rows = work.exec_params(kLogged, country_, to_bigint(step.epoch()), to_bigint(step.seq()));
    if (!rows.empty() && pqxx::binarystring{rows[0][0]}.str() == step.SerializeAsString()) return {};
    return failure{reason::schema_mismatch, "another step is logged in this one's place"};
  }

  static void read_recent(pqxx::work& work, utc_time since, std::size_t at_most, std::vector<stored_observation>& to) {
    for (auto const& row : work.exec_params(kRecent, since.time_since_epoch().count(), at_most)) {
      stored_observation stored;
      pqxx::binarystring const bytes{row[0]};
      verify(stored.observation.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())),
             "what the picture log wrote can be read");
      stored.trace = row[1].as<std::string>();
      stored.received_at = wall_time{microseconds{row[2].as<std::int64_t>()}};
      to.push_back(std::move(stored));
    }
    std::reverse(to.begin(), to.end());
  }

  pg_store& store_;
  std::string country_;
};

class pg_picture_log_reader final : public picture_log_reader {
 public:
  pg_picture_log_reader(pg_store& store, std::string country) : store_{store}, country_{std::move(country)} {}

  result<cursor> head() override {
    cursor at;
    auto done = store_.transact([&](pqxx::work& work) -> result<void> {
      at = head_of(work, country_, false).at;
      return {};
    });
    if (!done) return done.error();
    return at;
  }

  result<std::optional<milliseconds>> writer_silence() override {
    std::optional<milliseconds> silence;
    auto done = store_.transact([&](pqxx::work& work) -> result<void> {
      auto const rows = work.exec_params(kSilence, country_);
      silence.reset();
      if (!rows.empty() && !rows[0][0].is_null()) silence = milliseconds{rows[0][0].as<std::int64_t>()};
      return {};
    });
    if (!done) return done.error();
    return silence;
  }

  result<std::vector<threats::v1::PictureStep>> read_after(cursor after, std::size_t at_most) override {
    std::vector<threats::v1::PictureStep> steps;
    auto done = store_.transact([&](pqxx::work& work) -> result<void> {
      steps.clear();
      auto const head = head_of(work, country_, false).at;
      if (head.epoch != after.epoch) return failure{reason::schema_mismatch, "the picture log has a new epoch"};
      for (auto const& row :
           work.exec_params(kReadAfter, country_, to_bigint(after.epoch), to_bigint(after.seq), at_most)) {
        pqxx::binarystring const bytes{row[0]};
        verify(steps.emplace_back().ParseFromArray(bytes.data(), static_cast<int>(bytes.size())),
               "what the picture log wrote can be read");
      }
      auto const hole = steps.empty() ? after.seq < head.seq && at_most > 0 : steps.front().seq() != after.seq + 1;
      if (hole) return failure{reason::schema_mismatch, "the steps after this place are no longer kept"};
      return {};
    });
    if (!done) return done.error();
    return steps;
  }

  result<threats::v1::PictureStep> read_state() override {
    threats::v1::PictureStep step;
    auto done = store_.transact([&](pqxx::work& work) -> result<void> {
      step = state_of(work, country_, false).step;
      return {};
    });
    if (!done) return done.error();
    return step;
  }

 private:
  pg_store& store_;
  std::string country_;
};

}  // namespace

bool has_changes(threats::v1::PictureStep const& step) {
  return !step.tracks().empty() || !step.region_alarms().empty() || !step.feeds().empty() || !step.launches().empty();
}

std::unique_ptr<picture_log_writer> make_pg_picture_log_writer(pg_store& store, std::string country) {
  return std::make_unique<pg_picture_log_writer>(store, std::move(country));
}

std::unique_ptr<picture_log_reader> make_pg_picture_log_reader(pg_store& store, std::string country) {
  return std::make_unique<pg_picture_log_reader>(store, std::move(country));
}

}  // namespace siren
