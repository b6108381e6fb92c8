// The decisions, the recorder and the loop of threat_ingest, over fakes in memory.
#include <atomic>
#include <future>

#include <gtest/gtest.h>

#include "common/convert/threat_convert.h"
#include "fakes/memory_bus.h"
#include "fakes/memory_picture_log.h"
#include "services/ingest_decisions.h"
#include "threat_ingest/config.h"
#include "threat_ingest/decision_loop.h"

namespace siren {
namespace {

using test::batch_of;
using test::beat;
using test::changes_of;
using test::decide;
using test::declared;
using test::exercise_policy;
using test::kStart;
using test::make_ingest;
using test::noon;
using test::observed;
using test::verdicts_of;
using threats::v1::PictureStep;
using threats::v1::StreamThreatsRequest;

constexpr seconds kSoon{10};

TEST(threat_convert, an_observation_crosses_and_comes_back) {
  auto const report = observed("radar", "7").observation();
  threats::v1::Observation back;
  to_proto(from_proto(report), &back);
  auto expected = report;
  expected.set_count(1);
  expected.set_status(threats::v1::OBJECT_STATUS_ACTIVE);
  EXPECT_EQ(back.SerializeAsString(), expected.SerializeAsString());
}

TEST(threat_convert, what_does_not_exist_is_left_for_the_judge) {
  threats::v1::Observation report;
  report.set_threat_class(static_cast<threats::v1::ThreatClass>(77'777));
  auto const read = from_proto(report);
  EXPECT_GE(static_cast<std::size_t>(read.kind), kThreatClasses);
  EXPECT_TRUE(std::isnan(read.position.lat.value));
  EXPECT_EQ(read.observed_at, utc_time{});
  EXPECT_FALSE(read.velocity.has_value());
}

TEST(threat_convert, a_track_crosses_and_a_broken_one_is_refused) {
  auto by = make_ingest();
  auto const sent = decide(by, {observed("radar", "7")}).step.tracks(0);
  threats::v1::Track back;
  to_proto(from_proto(sent).value(), &back);
  EXPECT_EQ(back.SerializeAsString(), sent.SerializeAsString());
  auto broken = sent;
  broken.mutable_covariance()->RemoveLast();
  EXPECT_EQ(from_proto(broken).error().why, reason::malformed);
  broken = sent;
  broken.mutable_position()->set_latitude_deg(91);
  EXPECT_EQ(from_proto(broken).error().why, reason::latitude_out_of_range);
}

TEST(config, sources_are_named_with_what_they_may_do) {
  source_map sources;
  EXPECT_TRUE(add_source("tak:east:sensor", sources));
  EXPECT_EQ(sources.at(source_id{"tak:east"}), source_kind::sensor);
  for (auto const* wrong : {"", "radar", "radar:", ":sensor", "radar:friend", "tak:east:official"})
    EXPECT_FALSE(add_source(wrong, sources)) << wrong;
}

TEST(config, the_live_world_names_its_sources) {
  ingest_config config;
  config.service.postgres = "host=x";
  config.service.listen = "127.0.0.1:0";
  config.any_source = true;
  config.service.serves = world::live;
  EXPECT_EQ(verify_config(config).error().why, reason::wrong_mode);
  config.service.serves = world::exercise;
  EXPECT_TRUE(verify_config(config));
  config.any_source = false;
  EXPECT_FALSE(verify_config(config)) << "nobody could speak";
}

TEST(region_alarms, each_bad_one_has_its_reason) {
  auto by = make_ingest();
  auto nowhere = declared("air_force", "");
  auto timeless = declared("air_force", "31");
  timeless.mutable_region_alarm()->clear_changed_time();
  auto live = declared("air_force", "31");
  live.mutable_region_alarm()->set_world(geo::v1::WORLD_LIVE);
  auto worldless = declared("air_force", "31");
  worldless.mutable_region_alarm()->clear_world();
  auto const batch =
      decide(by, {nowhere, declared("air_force", std::string(129, '1')), declared("air_force", "3\n"), live, worldless,
                  declared("radar", "31"), declared("stranger", "31"), declared("", "31"), declared("air_force", "99"),
                  timeless, declared("air_force", "31", true, noon() + minutes{1}), declared("air_force", "31"),
                  declared("air_force", "31"), declared("air_force", "31", false, noon() - seconds{1})});
  EXPECT_EQ(
      verdicts_of(batch),
      "MISSING_FIELD FIELD_TOO_LONG MALFORMED LIVE_IN_DRILL MALFORMED SOURCE_NOT_OFFICIAL UNKNOWN_SOURCE MISSING_FIELD "
      "UNKNOWN_REGION TIME_MISSING TIME_IN_FUTURE ok DUPLICATE TIME_TOO_OLD");
  EXPECT_EQ(changes_of(batch.step), "alarm 31 on;feed air_force alive;");
}

TEST(region_alarms, have_no_maximum_age) {
  auto by = make_ingest();
  EXPECT_EQ(verdicts_of(decide(by, {declared("air_force", "31", true, parse_utc("2022-04-04T00:00:00Z").value())})),
            "ok");
}

TEST(decisions, a_track_stands_once_in_a_step_with_its_last_state) {
  auto by = make_ingest();
  auto const batch = decide(by, {observed("radar", "7", noon() - seconds{2}),
                                 observed("radar", "7", noon() - seconds{1}), observed("radar", "7", noon())});
  EXPECT_EQ(verdicts_of(batch), "ok ok ok");
  ASSERT_EQ(batch.step.tracks_size(), 1);
  EXPECT_EQ(utc_from_proto(batch.step.tracks(0).updated_time()), noon());
  EXPECT_EQ(batch.observations.size(), 3U);
}

TEST(decisions, only_what_is_not_refused_is_a_sign_of_life) {
  auto by = make_ingest();
  EXPECT_EQ(changes_of(decide(by, {observed("radar", "7", noon() - hours{1})}).step), "");
  EXPECT_EQ(changes_of(decide(by, {beat("radar")}).step), "feed radar alive;");
  EXPECT_EQ(verdicts_of(decide(by, {beat("stranger"), StreamThreatsRequest{}})), "UNKNOWN_SOURCE MISSING_FIELD");
}

TEST(decisions, a_silent_feed_dies_after_its_silence_and_an_expected_one_is_dead_from_the_start) {
  auto by = make_ingest();
  by.restore({}, noon(), kStart);
  EXPECT_EQ(changes_of(by.pass_time(noon(), kStart)), "feed air_force dead;feed radar dead;");
  EXPECT_EQ(changes_of(decide(by, {beat("air_force")}).step), "feed air_force alive;");
  EXPECT_EQ(changes_of(by.pass_time(noon() + hours{1}, kStart + seconds{14})), "");
  auto const step = by.pass_time(noon() + hours{2}, kStart + seconds{15});
  EXPECT_EQ(changes_of(step), "feed air_force dead;");
  EXPECT_TRUE(step.feeds(0).official());
  EXPECT_EQ(utc_from_proto(step.feeds(0).changed_time()), noon() + hours{2});
}

TEST(decisions, a_track_unseen_ends_as_time_passes) {
  auto by = make_ingest();
  static_cast<void>(decide(by, {observed("radar", "7")}));
  EXPECT_EQ(by.pass_time(noon() + seconds{60}, kStart).tracks_size(), 0);
  auto const step = by.pass_time(noon() + minutes{10}, kStart);
  ASSERT_EQ(step.tracks_size(), 1);
  EXPECT_EQ(step.tracks(0).end(), threats::v1::TRACK_END_COASTED_OUT);
}

// A feed sends again what was not stored. Were that applied again, the picture would show a second drone.
TEST(decisions, what_was_not_stored_is_accepted_again_and_applied_once) {
  auto by = make_ingest();
  auto const first = decide(by, {observed("radar", "7"), declared("air_force", "31")});
  by.not_stored(first);
  auto const again = decide(by, {observed("radar", "7"), declared("air_force", "31")});
  EXPECT_EQ(verdicts_of(again), "ok ok");
  EXPECT_EQ(again.step.tracks_size(), 0);
  EXPECT_EQ(again.observations.size(), 0U);
  EXPECT_EQ(again.again.size(), 1U);
  EXPECT_EQ(by.tracks(), 1U);
  EXPECT_EQ(verdicts_of(decide(by, {observed("radar", "7"), declared("air_force", "31")})), "DUPLICATE DUPLICATE");
}

TEST(decisions, a_restart_goes_on_where_the_last_life_ended) {
  memory_picture_store store;
  memory_picture_log_writer log{store};
  auto before = make_ingest();
  auto const first = decide(before, {observed("radar", "7"), observed("radar", "8", noon(), {degrees{49}, degrees{34}}),
                                     declared("air_force", "31")});
  ASSERT_TRUE(log.append(first.step, first.observations));
  auto after = make_ingest();
  after.restore(log.open(noon() - minutes{10}, 100).value(), noon(), kStart);
  EXPECT_EQ(after.tracks(), 2U);
  EXPECT_EQ(after.feeds_alive(), 2U);
  EXPECT_EQ(verdicts_of(decide(after, {observed("radar", "7"), declared("air_force", "31")})), "DUPLICATE DUPLICATE");
  auto const next = decide(after,
                           {observed("radar", "7", noon() + seconds{1}),
                            observed("radar", "9", noon() + seconds{1}, {degrees{48}, degrees{30}})},
                           noon() + seconds{1});
  EXPECT_EQ(changes_of(next.step), "track 1;track 3;");
}

/// Lets the store hang until it is let go.
class gated_writer final : public picture_log_writer {
 public:
  explicit gated_writer(picture_log_writer& behind) : behind_{behind} {}
  void close() { gate_ = std::make_shared<std::promise<void>>(), wait_ = gate_->get_future().share(); }
  void let_go() { gate_->set_value(); }
  result<picture_memory> open(utc_time since, std::size_t at_most) override { return behind_.open(since, at_most); }
  result<PictureStep> reopen(PictureStep whole) override { return behind_.reopen(std::move(whole)); }
  result<PictureStep> append(PictureStep step, std::vector<stored_observation> const& observations) override {
    if (wait_.valid()) wait_.wait();
    return behind_.append(std::move(step), observations);
  }
  result<void> beat() override { return behind_.beat(); }
  result<std::size_t> prune(std::uint64_t keep, std::size_t at_most) override { return behind_.prune(keep, at_most); }

 private:
  picture_log_writer& behind_;
  std::shared_ptr<std::promise<void>> gate_;
  std::shared_future<void> wait_;
};

class recording : public testing::Test {
 protected:
  recording() {
    by_.restore(log_.open(noon(), 0).value(), noon(), kStart);
    static_cast<void>(by_.pass_time(noon(), kStart));
    ear_ = bus_.listen({"picture"}, {[this](std::string const&, std::string const& bytes) {
                                       std::lock_guard const lock{mutex_};
                                       heard_.push_back(bytes);
                                       changed_.notify_all();
                                     },
                                     [] {}});
  }

  void start(recorder_policy policy) {
    recorder_ = std::make_unique<recorder>(log_, &publisher_, worker_, counts_, policy);
    recorder_->start(store_.epoch);
  }

  bool record(std::string const& name, utc_time at = noon()) {
    auto const batch = decide(by_, {observed("radar", name, at, {degrees{50.0 + (name[0] - 'a')}, degrees{31}})}, at);
    auto const stored = recorder_->record(batch);
    if (!stored) by_.not_stored(batch);
    return stored.ok();
  }

  /// Works on as the loop would, until nothing waits.
  void settle() {
    auto when = steady_now() + hours{1};  // past every retry interval
    for (auto round = 0; round < 1'000 && !recorder_->settled(); ++round) {
      recorder_->pump(by_, when);
      ASSERT_TRUE(worker_.wait_idle(kSoon));
      when += seconds{1};
    }
    ASSERT_TRUE(recorder_->settled());
  }

  std::vector<std::string> heard(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, kSoon, [&] { return heard_.size() >= count; });
    return heard_;
  }

  std::vector<std::string> logged() {
    std::vector<std::string> steps;
    std::lock_guard const lock{store_.mutex};
    for (auto const& step : store_.log) steps.push_back(step.SerializeAsString());
    return steps;
  }

  memory_picture_store store_;
  memory_picture_log_writer behind_{store_};
  gated_writer log_{behind_};
  memory_bus bus_;
  metrics measured_;
  instruments counts_{measured_};
  bus_publisher publisher_{bus_, "picture", counts_};
  store_worker worker_;
  ingest by_ = make_ingest();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heard_;
  std::unique_ptr<bus_listener> ear_;
  std::unique_ptr<recorder> recorder_;
};

TEST_F(recording, the_bus_says_what_the_log_holds) {
  start({});
  EXPECT_TRUE(record("a"));
  EXPECT_TRUE(record("b"));
  EXPECT_EQ(heard(2), logged());
}

TEST_F(recording, with_a_dead_store_steps_go_out_at_once_and_are_logged_in_their_places_later) {
  start({});
  EXPECT_TRUE(record("a"));
  store_.set_available(false);
  EXPECT_FALSE(record("b"));
  EXPECT_FALSE(record("c"));
  auto const said = heard(3);
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(logged().size(), 1U);
  store_.set_available(true);
  settle();
  EXPECT_EQ(logged(), said);
  EXPECT_TRUE(record("b")) << "sent again";
  EXPECT_EQ(store_.observation_count(), 3U);
  EXPECT_TRUE(record("d"));
  EXPECT_EQ(logged().size(), 4U);
}

TEST_F(recording, a_store_that_hangs_does_not_hold_up_warning) {
  start({});
  log_.close();
  auto const begin = steady_now();
  EXPECT_FALSE(record("a"));
  EXPECT_FALSE(record("b"));
  EXPECT_EQ(heard(2).size(), 2U);
  EXPECT_LT(steady_now() - begin, seconds{1});
  log_.let_go();
  ASSERT_TRUE(worker_.wait_idle(kSoon));
  settle();
  EXPECT_EQ(logged(), heard(2));
}

TEST_F(recording, when_too_much_waits_the_log_starts_anew_with_the_whole_picture) {
  recorder_policy small;
  small.max_pending = 4;
  start(small);
  EXPECT_TRUE(record("a"));
  auto const epoch = store_.epoch;
  store_.set_available(false);
  for (auto const* name : {"b", "c", "d", "e"}) EXPECT_FALSE(record(name));
  EXPECT_GT(counts_.steps_lost.Value(), 0);
  store_.set_available(true);
  settle();
  EXPECT_NE(store_.epoch, epoch);
  EXPECT_EQ(memory_picture_log_reader{store_}.read_state().value().tracks_size(), 5);
  EXPECT_TRUE(record("f"));
  auto const steps = memory_picture_log_reader{store_}.read_after({store_.epoch, 0}, 10).value();
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].tracks(0).track_id(), 6U);
}

TEST_F(recording, housekeeping_is_bounded_and_refuses_nothing) {
  recorder_policy busy;
  busy.prune_interval = seconds{0};
  busy.keep_steps = 1;
  start(busy);
  for (auto const* name : {"a", "b", "c"}) {
    EXPECT_TRUE(record(name));
    recorder_->pump(by_, steady_now() + seconds{1});
  }
  EXPECT_TRUE(record("d"));
  EXPECT_LE(logged().size(), 2U);
}

TEST_F(recording, a_second_writer_shuts_the_first_one_out) {
  start({});
  EXPECT_TRUE(record("a"));
  memory_picture_log_writer other{store_};
  ASSERT_TRUE(other.open(noon(), 0));
  EXPECT_FALSE(record("b"));
  EXPECT_TRUE(recorder_->shut_out());
}

struct list_sink final : answer_sink {
  void answer(threats::v1::StreamThreatsResponse response) override {
    std::lock_guard const lock{mutex};
    numbers.push_back(response.record_number());
  }
  std::size_t count() {
    std::lock_guard const lock{mutex};
    return numbers.size();
  }
  std::mutex mutex;
  std::vector<std::uint64_t> numbers;
};

struct still_clock final : world_clock {
  utc_time now() const override { return noon(); }
};

TEST_F(recording, a_full_queue_stops_reading_and_answers_keep_the_order) {
  recorder_policy patient;
  patient.store_patience = duration_cast<milliseconds>(kSoon);
  start(patient);
  log_.close();
  still_clock const clock;
  loop_policy small;
  small.max_queue = 2;
  decision_loop loop{{by_, *recorder_, clock, counts_, [] {}}, small};
  auto const sink = std::make_shared<list_sink>();
  std::atomic<std::uint64_t> taken{0};
  std::thread feed{[&] {
    for (std::uint64_t number = 1; number <= 20; ++number) {
      auto request = observed("radar", "n" + std::to_string(number), noon(),
                              {degrees{45.0 + 0.5 * static_cast<double>(number)}, degrees{31}});
      request.set_record_number(number);
      EXPECT_TRUE(loop.put({{std::move(request), wall_now(), trace_id{std::string(32, 'b')}}, sink}));
      ++taken;
    }
  }};
  // The batch in the store's hands, at most the two of the first draining, and two in the queue.
  EXPECT_FALSE(std::async(std::launch::async, [&] {
                 auto const until = steady_now() + milliseconds{200};
                 while (steady_now() < until)
                   if (taken > 5) return true;
                 return false;
               }).get());
  EXPECT_EQ(sink->count(), 0U) << "nothing is stored yet";
  log_.let_go();
  feed.join();
  loop.stop();
  std::vector<std::uint64_t> in_order;
  for (std::uint64_t number = 1; number <= 20; ++number) in_order.push_back(number);
  EXPECT_EQ(sink->numbers, in_order);
  EXPECT_FALSE(loop.put({{observed("radar", "late"), wall_now(), {}}, sink}));
}

}  // namespace
}  // namespace siren
