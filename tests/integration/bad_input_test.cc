// What a broken or hostile feed sends: each record refused with its own reason, counted, and nothing else disturbed.
#include <limits>

#include "client/phone_client.h"
#include "common/convert/base_convert.h"
#include "common/rpc_server.h"
#include "integration/attacked_city.h"
#include "rig/http_get.h"
#include "siren/threats/v1/threat_feed_service.grpc.pb.h"

namespace siren {
namespace {

using threats::v1::StreamThreatsRequest;
using threats::v1::StreamThreatsResponse;

class bad_input : public attacked_city {
 protected:
  StreamThreatsRequest good(std::uint64_t number) {
    StreamThreatsRequest record;
    record.set_record_number(number);
    auto& seen = *record.mutable_observation();
    seen.set_source("radar_test");
    seen.set_native_id("t-" + std::to_string(number));
    to_proto(clock_->now(), seen.mutable_observed_time());
    seen.mutable_position()->set_latitude_deg(51.5);
    seen.mutable_position()->set_longitude_deg(31.5);
    seen.set_position_sigma_m(200);
    seen.set_threat_class(threats::v1::THREAT_CLASS_DRONE);
    seen.set_count(1);
    seen.set_status(threats::v1::OBJECT_STATUS_ACTIVE);
    seen.set_world(geo::v1::WORLD_EXERCISE);
    return record;
  }

  /// Sends each record and waits for its answer.
  std::vector<StreamThreatsResponse> send(std::vector<StreamThreatsRequest> const& records) {
    auto const stub = threats::v1::ThreatFeedService::NewStub(internal_channel(siren_->address("threat_ingest")));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + seconds{20});
    auto const stream = stub->StreamThreats(&context);
    std::vector<StreamThreatsResponse> answers;
    for (auto const& record : records) {
      if (!stream->Write(record)) break;
      StreamThreatsResponse answer;
      if (!stream->Read(&answer)) break;
      answers.push_back(answer);
    }
    stream->WritesDone();
    last_status_ = stream->Finish();
    return answers;
  }

  std::string metrics() { return http_get(siren_->metrics_address("threat_ingest"), "/metrics"); }

  grpc::Status last_status_;
};

TEST_F(bad_input, each_bad_report_has_its_own_reason_and_harms_nobody) {
  std::vector<std::pair<std::string, StreamThreatsRequest>> cases;
  auto const add = [&](std::string why, auto const& spoil) {
    auto record = good(cases.size() + 1);
    spoil(*record.mutable_observation());
    cases.emplace_back(std::move(why), std::move(record));
  };
  using observation_type = threats::v1::Observation;
  add("", [](observation_type&) {});
  add("LATITUDE_OUT_OF_RANGE", [](observation_type& o) { o.mutable_position()->set_latitude_deg(91); });
  add("NOT_FINITE", [](observation_type& o) {
    o.mutable_velocity()->set_east_mps(std::numeric_limits<double>::quiet_NaN());
    o.set_velocity_sigma_mps(5);
  });
  add("TIME_IN_FUTURE",
      [&](observation_type& o) { to_proto(clock_->now() + hours{24 * 365}, o.mutable_observed_time()); });
  add("LIVE_IN_DRILL", [](observation_type& o) { o.set_world(geo::v1::WORLD_LIVE); });
  add("", [](observation_type&) {});
  auto again = cases.back().second;
  again.set_record_number(cases.size() + 1);
  cases.emplace_back("DUPLICATE", again);
  add("", [](observation_type&) {});

  std::vector<StreamThreatsRequest> records;
  for (auto const& [why, record] : cases) records.push_back(record);
  auto const answers = send(records);
  ASSERT_EQ(answers.size(), cases.size()) << last_status_.error_message();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(answers[i].record_number(), cases[i].second.record_number());
    EXPECT_EQ(answers[i].reason(), cases[i].first);
    EXPECT_EQ(answers[i].accepted(), cases[i].first.empty());
  }
  auto const counted = metrics();
  for (auto const& [why, record] : cases)
    if (!why.empty()) {
      EXPECT_NE(counted.find("reason=\"" + why + "\""), std::string::npos) << why << " is not counted";
    }
}

TEST_F(bad_input, ten_megabytes_of_noise_end_that_stream_alone) {
  auto noise = good(1);
  noise.mutable_observation()->set_native_id(std::string(10U << 20U, '\xfe'));
  EXPECT_TRUE(send({noise}).empty());
  EXPECT_EQ(last_status_.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << last_status_.error_message();
  EXPECT_EQ(reason_of(last_status_), "MESSAGE_TOO_LARGE");
  EXPECT_NE(metrics().find("reason=\"MESSAGE_TOO_LARGE\""), std::string::npos);
  auto const after = send({good(2)});
  ASSERT_EQ(after.size(), 1U);
  EXPECT_TRUE(after[0].accepted()) << after[0].reason();
}

TEST_F(bad_input, drill_is_another_world_at_the_phones_door_too) {
  struct listener final : client::phone_listener {
    void on_snapshot(alerts::v1::Snapshot const&) override { ++heard; }
    void on_alert(alerts::v1::LoggedAlert const&) override { ++heard; }
    void on_provisional(alerts::v1::ProvisionalAlert const&) override { ++heard; }
    void on_merged(alerts::v1::LoggedAlert const&) override { ++heard; }
    void on_guidance(routing::v1::Guidance const&) override {}
    void on_state(bool) override {}
    void on_disconnected(client::disconnection const& why) override {
      std::lock_guard const lock{mutex};
      reason = why.reason;
      stays_away = !why.back_in.has_value();
    }
    std::mutex mutex;
    std::string reason;
    bool stays_away = false;
    std::atomic<int> heard{0};
  } live;
  client::phone_options wanted;
  wanted.gateways = {siren_->address("alert_gateway")};
  wanted.serves = world::live;
  wanted.watch = {city_->info.city_zone};
  client::phone_client phone{wanted, live, std::make_shared<client::timers>()};
  phone.start();
  ASSERT_TRUE(wait_until(
      [&] {
        std::lock_guard const lock{live.mutex};
        return live.stays_away;
      },
      seconds{20}));
  EXPECT_EQ(live.reason, "WRONG_MODE");
  EXPECT_EQ(live.heard, 0);
}

}  // namespace
}  // namespace siren
