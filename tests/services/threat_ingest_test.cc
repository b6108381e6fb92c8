// threat_ingest in process, over real PostgreSQL, Redis and sockets.
#include <future>
#include <limits>
#include <random>

#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include "services/ingest_world.h"

namespace siren {
namespace {

using test::beat;
using test::declared;
using test::feed;
using test::ingest_world;
using test::noon;
using test::observed;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <typename Change>
feed::request with(feed::request request, Change const& change) {
  change(*request.mutable_observation());
  return request;
}

struct bad_record {
  std::string reason;
  feed::request request;
};

std::vector<bad_record> bad_records() {
  using report = threats::v1::Observation;
  auto const good = observed("radar", "bad");
  return {
      {"LATITUDE_OUT_OF_RANGE", with(good, [](report& r) { r.mutable_position()->set_latitude_deg(91); })},
      {"LONGITUDE_OUT_OF_RANGE", with(good, [](report& r) { r.mutable_position()->set_longitude_deg(-181); })},
      {"NOT_FINITE", with(good, [](report& r) { r.mutable_velocity()->set_east_mps(kNaN); })},
      {"SPEED_OUT_OF_RANGE", with(good, [](report& r) { r.mutable_velocity()->set_east_mps(300'000); })},
      {"SIGMA_OUT_OF_RANGE", with(good, [](report& r) { r.set_position_sigma_m(-1); })},
      {"COUNT_OUT_OF_RANGE", with(good, [](report& r) { r.set_count(1'000'000); })},
      {"OUTSIDE_THEATRE", with(good, [](report& r) { r.mutable_position()->set_latitude_deg(0); })},
      {"MISSING_FIELD", with(good, [](report& r) { r.clear_position(); })},
      {"TIME_MISSING", with(good, [](report& r) { r.clear_observed_time(); })},
      {"TIME_IN_FUTURE", with(good, [](report& r) { r.mutable_observed_time()->set_seconds(99'999'999'999); })},
      {"TIME_TOO_OLD", observed("radar", "bad", noon() - hours{1})},
      {"LIVE_IN_DRILL", with(good, [](report& r) { r.set_world(geo::v1::WORLD_LIVE); })},
      {"MALFORMED", with(good, [](report& r) { r.set_native_id("a\nb"); })},
      {"FIELD_TOO_LONG", with(good, [](report& r) { r.set_native_id(std::string(129, 'x')); })},
      {"UNKNOWN_SOURCE", observed("stranger", "bad")},
      {"UNKNOWN_REGION", declared("air_force", "99")},
      {"SOURCE_NOT_OFFICIAL", declared("radar", "31")},
  };
}

TEST_F(ingest_world, each_bad_record_is_refused_for_its_own_reason_and_its_neighbours_are_taken) {
  start_instance();
  feed one{instance_->address()};
  auto const bad = bad_records();
  // All at once, so that good and bad share batches.
  for (std::size_t i = 0; i < bad.size(); ++i) {
    ASSERT_TRUE(one.send(observed("radar", "good " + std::to_string(i))));
    ASSERT_TRUE(one.send(bad[i].request));
  }
  std::set<std::string> traces;
  for (std::size_t i = 0; i < bad.size(); ++i) {
    auto const good_answer = one.answer();
    auto const bad_answer = one.answer();
    EXPECT_EQ(good_answer.record_number(), 2 * i + 1);
    EXPECT_TRUE(good_answer.accepted()) << good_answer.reason();
    EXPECT_EQ(bad_answer.record_number(), 2 * i + 2);
    EXPECT_FALSE(bad_answer.accepted());
    EXPECT_EQ(bad_answer.reason(), bad[i].reason);
    EXPECT_FALSE(bad_answer.message().empty());
    for (auto const& answer : {good_answer, bad_answer}) {
      EXPECT_EQ(answer.trace_id().size(), 32U);
      traces.insert(answer.trace_id());
    }
    EXPECT_EQ(instance_->refused(bad[i].reason), 1) << bad[i].reason;
  }
  EXPECT_EQ(traces.size(), 2 * bad.size());
  EXPECT_EQ(one.ask(observed("radar", "good 0")), "DUPLICATE");
  EXPECT_EQ(instance_->refused("DUPLICATE"), 1);
  EXPECT_EQ(instance_->accepted("observation"), static_cast<double>(bad.size()));
  EXPECT_EQ(count("observation"), static_cast<std::int64_t>(bad.size()));
  one.done_sending();
  EXPECT_TRUE(one.finish().ok());
}

TEST_F(ingest_world, drill_is_another_world) {
  make_database("live", world::live);
  start_instance();
  feed one{instance_->address()};
  EXPECT_EQ(one.ask(observed("radar", "drill")), "DRILL_IN_LIVE");
  EXPECT_EQ(one.ask(declared("air_force", "31")), "DRILL_IN_LIVE");
  EXPECT_EQ(
      one.ask(with(observed("radar", "real"), [](threats::v1::Observation& r) { r.set_world(geo::v1::WORLD_LIVE); })),
      "ok");
  EXPECT_EQ(count("observation"), 1);
  EXPECT_EQ(count("region_alarm"), 0);
}

TEST_F(ingest_world, an_accepted_record_is_in_the_store_before_its_answer) {
  start_instance();
  feed one{instance_->address()};
  for (auto i = 1; i <= 25; ++i) {
    ASSERT_EQ(one.ask(observed("radar", "object " + std::to_string(i), noon() + milliseconds{i})), "ok");
    ASSERT_EQ(count("observation"), i);
  }
  ASSERT_EQ(one.ask(declared("air_force", "31")), "ok");
  EXPECT_EQ(count("region_alarm"), 1);
  EXPECT_EQ(reader_->read_state().value().region_alarms_size(), 1);
}

TEST_F(ingest_world, the_trace_follows_a_report_to_the_bus_and_into_the_log) {
  start_instance();
  feed one{instance_->address()};
  auto const before = wall_now();
  ASSERT_TRUE(one.send(observed("radar", "7")));
  auto const trace = one.answer().trace_id();
  auto const fits = [&](threats::v1::PictureStep const& step) {
    return step.tracks_size() == 1 && step.tracks(0).trace_id() == trace &&
           wall_from_proto(step.tracks(0).received_time()) >= before;
  };
  EXPECT_TRUE(heard(fits));
  auto const steps = logged();
  EXPECT_EQ(std::count_if(steps.begin(), steps.end(), fits), 1);
  EXPECT_EQ(count("observation WHERE trace_id = '" + trace + "'"), 1);
}

TEST_F(ingest_world, many_records_at_once_are_answered_in_order) {
  constexpr std::uint64_t kRecords = 5'000;
  start_instance();
  feed one{instance_->address()};
  auto sending = std::async(std::launch::async, [&] {
    for (std::uint64_t i = 0; i < kRecords; ++i) {
      auto const lat = 45.0 + 0.01 * static_cast<double>(i % 1'000);
      auto const lon = 25.0 + 2.0 * static_cast<double>(i / 1'000);
      if (!one.send(observed("radar", std::to_string(i), noon(), {degrees{lat}, degrees{lon}}))) return false;
    }
    one.done_sending();
    return true;
  });
  for (std::uint64_t i = 1; i <= kRecords; ++i) {
    auto const answer = one.answer();
    ASSERT_EQ(answer.record_number(), i);
    ASSERT_TRUE(answer.accepted()) << answer.reason();
  }
  EXPECT_TRUE(sending.get());
  EXPECT_EQ(count("observation"), static_cast<std::int64_t>(kRecords));
  auto const steps = logged();
  for (std::size_t i = 0; i < steps.size(); ++i) ASSERT_EQ(steps[i].seq(), i + 1);
}

/// Sends bytes that no stub would, and gives the status that the stream ends with.
grpc::Status send_bytes(std::string const& address, std::string const& bytes) {
  grpc::GenericStub stub{internal_channel(address)};
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + seconds{30});
  grpc::CompletionQueue queue;
  auto const next = [&] {
    void* tag = nullptr;
    auto ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  auto const call = stub.PrepareCall(&context, "/siren.threats.v1.ThreatFeedService/StreamThreats", &queue);
  call->StartCall(nullptr);
  next();
  grpc::Slice const slice{bytes};
  call->Write(grpc::ByteBuffer{&slice, 1}, nullptr);
  next();
  grpc::Status status;
  call->Finish(&status, nullptr);
  next();
  return status;
}

TEST_F(ingest_world, noise_ends_its_own_stream_and_no_other) {
  start_instance();
  feed bystander{instance_->address()};
  ASSERT_EQ(bystander.ask(beat("radar")), "ok");
  std::mt19937 random{7};
  std::string noise(10U << 20U, '\0');
  for (auto& c : noise) c = static_cast<char>(random());
  auto const large = send_bytes(instance_->address(), noise);
  EXPECT_EQ(large.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(reason_of(large), "MESSAGE_TOO_LARGE");
  EXPECT_EQ(instance_->refused("MESSAGE_TOO_LARGE"), 1);
  auto const broken = send_bytes(instance_->address(), std::string(1'000, '\xff'));
  EXPECT_EQ(broken.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(reason_of(broken), "MALFORMED");
  EXPECT_EQ(instance_->refused("MALFORMED"), 1);
  EXPECT_EQ(bystander.ask(observed("radar", "7")), "ok");
  EXPECT_EQ(count("observation"), 1);
}

TEST_F(ingest_world, without_redis_everything_is_in_the_log) {
  start_instance();
  feed one{instance_->address()};
  servers().redis->kill_hard();
  EXPECT_EQ(one.ask(observed("radar", "7")), "ok");
  EXPECT_EQ(one.ask(declared("air_force", "31")), "ok");
  auto const state = reader_->read_state().value();
  EXPECT_EQ(state.tracks_size(), 1);
  EXPECT_EQ(state.region_alarms_size(), 1);
  EXPECT_TRUE(wait_until([&] { return instance_->counts().bus_failures.Value() > 0; }, kSoon));
  ASSERT_TRUE(servers().redis->start_again());
}

// A feed sends again what it was told is not stored. People would have seen two drones where one flies.
TEST_F(ingest_world, with_the_database_away_warning_goes_out_and_a_record_sent_again_counts_once) {
  start_instance();
  feed one{instance_->address()};
  ASSERT_EQ(one.ask(observed("radar", "before")), "ok");
  servers().postgres->kill_hard();
  auto const seen = observed("radar", "during", noon(), {degrees{49}, degrees{34}});
  EXPECT_EQ(one.ask(seen), "STORE_UNAVAILABLE");
  EXPECT_EQ(one.ask(declared("air_force", "31")), "STORE_UNAVAILABLE");
  EXPECT_TRUE(heard([](auto const& step) { return step.tracks_size() == 1 && step.tracks(0).track_id() == 2; }));
  EXPECT_TRUE(heard([](auto const& step) { return step.region_alarms_size() == 1; }));
  EXPECT_EQ(one.ask(seen), "STORE_UNAVAILABLE") << "not a duplicate: it is not stored";
  ASSERT_TRUE(servers().postgres->start_again());
  ASSERT_TRUE(wait_until([&] { return one.ask(seen) == "ok"; }, kSoon));
  EXPECT_EQ(one.ask(seen), "DUPLICATE");
  EXPECT_EQ(one.ask(declared("air_force", "31")), "ok");
  EXPECT_EQ(one.ask(declared("air_force", "31")), "DUPLICATE");

  EXPECT_EQ(count("observation"), 2);
  EXPECT_EQ(count("region_alarm"), 1);
  auto const state = reader_->read_state().value();
  ASSERT_EQ(state.tracks_size(), 2);
  auto const covariance = [&](int i) {
    return std::vector<double>{state.tracks(i).covariance().begin(), state.tracks(i).covariance().end()};
  };
  EXPECT_EQ(covariance(1), covariance(0)) << "as sure as of one report, however often it was sent";
  EXPECT_EQ(state.tracks(1).confirmed(), state.tracks(0).confirmed());
  auto const steps = logged();
  for (std::size_t i = 0; i < steps.size(); ++i) EXPECT_EQ(steps[i].seq(), i + 1);
  std::lock_guard const lock{mutex_};
  for (auto const& bytes : heard_)
    EXPECT_TRUE(std::any_of(steps.begin(), steps.end(), [&](auto const& s) { return s.SerializeAsString() == bytes; }))
        << "the log holds what the bus said";
}

TEST_F(ingest_world, a_restart_goes_on_with_its_tracks_alarms_and_memory_of_copies) {
  start_instance();
  {
    feed one{instance_->address()};
    ASSERT_EQ(one.ask(observed("radar", "7")), "ok");
    ASSERT_EQ(one.ask(declared("air_force", "31")), "ok");
  }
  auto const first_epoch = instance_->epoch();
  stop_instance();
  start_instance();
  EXPECT_NE(instance_->epoch(), first_epoch);
  auto const state = reader_->read_state().value();
  EXPECT_EQ(state.epoch(), instance_->epoch());
  EXPECT_EQ(state.tracks_size(), 1);
  EXPECT_EQ(state.region_alarms_size(), 1);
  feed one{instance_->address()};
  EXPECT_EQ(one.ask(observed("radar", "7")), "DUPLICATE");
  EXPECT_EQ(one.ask(declared("air_force", "31")), "DUPLICATE");
  EXPECT_EQ(one.ask(observed("radar", "7", noon() + seconds{1})), "ok");
  EXPECT_EQ(one.ask(observed("radar", "8", noon(), {degrees{49}, degrees{34}})), "ok");
  auto const after = reader_->read_state().value();
  ASSERT_EQ(after.tracks_size(), 2);
  EXPECT_EQ(after.tracks(0).track_id(), 1U);
  EXPECT_EQ(utc_from_proto(after.tracks(0).updated_time()), noon() + seconds{1});
  EXPECT_EQ(after.tracks(1).track_id(), 2U);
}

TEST_F(ingest_world, a_second_instance_shuts_the_first_one_out) {
  start_instance();
  feed one{instance_->address()};
  ASSERT_EQ(one.ask(observed("radar", "7")), "ok");
  test::ingest_instance const second{dsn_, servers().redis->address(), serves_, clock_};
  EXPECT_EQ(one.ask(observed("radar", "8")), "SCHEMA_MISMATCH");
  EXPECT_TRUE(wait_until([&] { return instance_->shut_out(); }, kSoon));
}

TEST_F(ingest_world, a_feed_that_falls_silent_is_shown_dead) {
  start_instance();
  feed one{instance_->address()};
  EXPECT_TRUE(heard([](auto const& step) {
    return step.feeds_size() == 2 && !step.feeds(0).alive() && !step.feeds(1).alive();
  })) << "expected and not yet heard";
  ASSERT_EQ(one.ask(beat("air_force")), "ok");
  auto const becomes = [&](bool alive) {
    return wait_until(
        [&] {
          auto const state = reader_->read_state().value();
          return state.feeds_size() == 2 && state.feeds(0).source() == "air_force" && state.feeds(0).alive() == alive;
        },
        kSoon);
  };
  EXPECT_TRUE(becomes(true));
  instance_->pass(seconds{16});
  EXPECT_TRUE(becomes(false));
  ASSERT_EQ(one.ask(beat("air_force")), "ok");
  EXPECT_TRUE(becomes(true));
}

TEST_F(ingest_world, a_track_unseen_ends_with_the_worlds_time) {
  start_instance();
  feed one{instance_->address()};
  ASSERT_EQ(one.ask(observed("radar", "7")), "ok");
  clock_.set(noon() + hours{1});
  instance_->pass(seconds{0});
  EXPECT_TRUE(heard([](auto const& step) {
    return step.tracks_size() == 1 && step.tracks(0).end() == threats::v1::TRACK_END_COASTED_OUT;
  }));
  EXPECT_TRUE(wait_until([&] { return reader_->read_state().value().tracks_size() == 0; }, kSoon));
}

}  // namespace
}  // namespace siren
