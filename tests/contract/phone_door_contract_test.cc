// The phones' door, by the same cases, for phones over siren::client, stock gRPC C++ and grpc-js.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

#include "contract/phone_door/app.h"
#include "services/gateway_delivery.h"
#include "services/gateway_world.h"

namespace siren::door {
namespace {

constexpr auto kWatch = "/siren.alerts.v1.AlertService/WatchAlerts";

class phone_door_contract_test : public testing::TestWithParam<std::unique_ptr<library> (*)()> {
 protected:
  void SetUp() override {
    library_ = GetParam()();
    if (!library_) GTEST_SKIP() << "node, npm or its network is not here";
  }
  static alerts::v1::Subscribe zones(std::vector<std::string> const& ids) {
    return raw_phone::subscription(ids).subscribe();
  }
  std::unique_ptr<phone_app> phone_of(gateway const& to, alerts::v1::Subscribe const& subscribe) {
    return library_->start({{to.phones_address()}, subscribe, std::nullopt});
  }
  /// The next word of this kind; others are passed over.
  static word next(phone_app& of, std::string const& kind) {
    for (;;) {
      auto heard = of.next();
      if (heard.kind == kind) return heard;
      if (heard.kind.empty()) {
        ADD_FAILURE() << "no " << kind << " came";
        return heard;
      }
    }
  }
  /// How a phone that asks for this is sent off.
  word end_of(gateway const& at, alerts::v1::Subscribe const& subscribe) {
    auto const phone = phone_of(at, subscribe);
    return next(*phone, "ended");
  }

  std::unique_ptr<library> library_;
  gateway_world world_;
};

TEST_P(phone_door_contract_test, subscribes_and_hears) {
  world_.happen("west", stage::go);
  auto const g = world_.start();
  auto const phone = phone_of(*g, zones({"west"}));
  auto const first = phone->next();
  EXPECT_EQ(first.kind, "snapshot");
  EXPECT_EQ(first.seq, 1U);
  EXPECT_EQ(first.alerts, 1U);
  next(*phone, "heartbeat");
  world_.publish(world_.happen("west", stage::take_cover));
  EXPECT_EQ(next(*phone, "alert").seq, 2U);
}

TEST_P(phone_door_contract_test, moves_on_the_same_stream) {
  world_.plans.plan_for({{"west shelter", 30.04}, {"east shelter", 30.16}});
  world_.happen("east", stage::go);
  auto const g = world_.start();
  auto const phone = phone_of(*g, raw_phone::at(50.05, 30.05).subscribe());
  EXPECT_EQ(next(*phone, "snapshot").alerts, 0U);
  next(*phone, "heartbeat");
  phone->move(50.05, 30.15);
  EXPECT_EQ(next(*phone, "snapshot").alerts, 1U);
  next(*phone, "guidance");
  EXPECT_EQ(delivery(*g).phones(), 1U);
}

/// Promise "no hole".
TEST_P(phone_door_contract_test, comes_back_with_its_cursor_when_the_network_went) {
  auto const g = world_.start();
  auto const phone = phone_of(*g, zones({"west"}));
  next(*phone, "snapshot");
  world_.publish(world_.happen("west", stage::go));
  EXPECT_EQ(next(*phone, "alert").seq, 1U);
  if (!phone->lose()) GTEST_SKIP() << "this library gives no way to lose a network; its drain below resumes too";
  next(*phone, "ended");
  world_.publish(world_.happen("west", stage::take_cover));
  EXPECT_EQ(next(*phone, "continuation").seq, 1U);
  EXPECT_EQ(next(*phone, "alert").seq, 2U);
}

/// Promise "no hole", in a rolling deploy: what happens before, while and after the gateway goes is heard once.
TEST_P(phone_door_contract_test, is_handed_over_when_its_gateway_drains) {
  std::vector<std::unique_ptr<gateway>> gateways;
  for (int i = 0; i < 2; ++i) gateways.push_back(world_.start());
  auto const phone =
      library_->start({{gateways[0]->phones_address(), gateways[1]->phones_address()}, zones({"west"}), std::nullopt});
  next(*phone, "heartbeat");
  auto& leaves = delivery(*gateways[0]).phones() == 1 ? gateways[0] : gateways[1];
  auto& stays = leaves == gateways[0] ? gateways[1] : gateways[0];
  world_.publish(world_.happen("west", stage::go));
  EXPECT_EQ(next(*phone, "alert").seq, 1U);
  std::jthread stopping{[&] { leaves->stop(); }};
  world_.publish(world_.happen("west", stage::take_cover));
  std::vector<std::uint64_t> alerts;
  std::vector<std::string> others;
  auto const hear_until = [&](std::uint64_t last) {
    while (alerts.empty() || alerts.back() != last) {
      auto const heard = phone->next();
      if (heard.kind == "alert")
        alerts.push_back(heard.seq);
      else
        others.push_back(heard.kind);
      if (heard.kind == "ended") {
        EXPECT_TRUE(heard.code == 0 || heard.code == -1) << heard.code;
      }
      ASSERT_FALSE(heard.kind.empty());
    }
  };
  hear_until(2);
  ASSERT_TRUE(comes(*stays, [](auto const& d) { return d.phones() == 1; }));
  stopping.join();
  world_.publish(world_.happen("west", stage::all_clear));
  hear_until(3);
  EXPECT_EQ(alerts, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(std::count(others.begin(), others.end(), "continuation"), 1);
  EXPECT_EQ(std::count(others.begin(), others.end(), "snapshot"), 0);
}

TEST_P(phone_door_contract_test, is_told_why_it_is_refused) {
  auto const g = world_.start();
  auto live = zones({"west"});
  live.set_world(geo::v1::WORLD_LIVE);
  EXPECT_EQ(end_of(*g, live).reason, "WRONG_MODE");
  EXPECT_EQ(end_of(*g, zones({"atlantis"})).reason, "UNKNOWN_ZONE");
  EXPECT_EQ(end_of(*g, raw_phone::at(91, 30).subscribe()).reason, "LATITUDE_OUT_OF_RANGE");
}

struct bad_call {
  char const* story;
  raw_call call;
  int code;
  char const* reason;
};

TEST_P(phone_door_contract_test, each_bad_call_ends_with_a_clear_status) {
  auto const g = world_.start();
  auto const bytes = [](WatchAlertsRequest const& request) { return request.SerializeAsString(); };
  auto live = raw_phone::subscription({"west"});
  live.mutable_subscribe()->set_world(geo::v1::WORLD_LIVE);
  auto const good = bytes(raw_phone::subscription({"west"}));
  auto const padded = bytes(raw_phone::subscription(std::vector<std::string>(16, std::string(100, 'x'))));
  std::vector<bad_call> const rows{
      {"no first message", {kWatch, {}, true}, 9, "SUBSCRIBE_FIRST"},
      {"another first message", {kWatch, {bytes(raw_phone::moved_to(50, 30))}}, 9, "SUBSCRIBE_FIRST"},
      {"garbage", {kWatch, {std::string("\xFF\xFF\xFF\x07 what?")}}, 3, "MALFORMED"},
      {"nothing in it", {kWatch, {good, ""}}, 3, "MISSING_FIELD"},
      {"another world", {kWatch, {bytes(live)}}, 9, "WRONG_MODE"},
      {"a bad position", {kWatch, {bytes(raw_phone::at(91, 30))}}, 3, "LATITUDE_OUT_OF_RANGE"},
      {"a bad position later", {kWatch, {good, bytes(raw_phone::moved_to(50, 181))}}, 3, "LONGITUDE_OUT_OF_RANGE"},
      {"an unknown zone", {kWatch, {bytes(raw_phone::subscription({"atlantis"}))}}, 5, "UNKNOWN_ZONE"},
      {"too large", {kWatch, {bytes(raw_phone::subscription({std::string(17'000, 'x')}))}}, 8, "MESSAGE_TOO_LARGE"},
      {"compressed", {kWatch, {padded}, false, true}, 12, ""},
      {"an unknown method", {"/siren.alerts.v1.AlertService/WatchStars", {good}, true}, 12, "UNKNOWN_METHOD"},
      {"an unknown service", {"/siren.stars.v1.StarService/Watch", {good}, true}, 12, "UNKNOWN_METHOD"},
      {"its time is over", {kWatch, {good}, false, false, milliseconds{300}}, 4, ""},
  };
  for (auto const& row : rows) {
    SCOPED_TRACE(row.story);
    auto const end = library_->call(g->phones_address(), row.call);
    if (!end) GTEST_SKIP() << "this library says only what is well-formed";
    EXPECT_EQ(end->code, row.code);
    EXPECT_EQ(end->reason, row.reason);
  }
}

TEST_P(phone_door_contract_test, questions_are_answered) {
  world_.plans.plan_for({{"west shelter", 30.04}});
  auto const g = world_.start();
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  routing::v1::GetGuidanceRequest question;
  question.mutable_position()->set_latitude_deg(50.05);
  question.mutable_position()->set_longitude_deg(30.05);
  auto const asked = library_->call(
      g->phones_address(), {"/siren.routing.v1.GuidanceService/GetGuidance", {question.SerializeAsString()}, true});
  if (!asked) GTEST_SKIP() << "this library asks no questions";
  EXPECT_EQ(asked->code, 0);
  routing::v1::GetGuidanceResponse answer;
  ASSERT_TRUE(answer.ParseFromString(asked->bytes));
  EXPECT_EQ(answer.guidance().destination().shelter_id(), "west shelter");
  auto const healthy = library_->call(g->phones_address(), {"/grpc.health.v1.Health/Check", {""}, true});
  EXPECT_EQ(healthy->bytes, "\x08\x01") << "SERVING";
  auto const twice = library_->call(
      g->phones_address(), {"/siren.routing.v1.GuidanceService/GetGuidance", {question.SerializeAsString(), ""}, true});
  EXPECT_EQ(twice->code, 3);
}

/// Ten minutes with a keepalive every 30 s, 150 times faster: every interval of gateway and phone is divided by that,
/// except the gateway's allowance of pings, which is then 150 times stricter. SIREN_KEEPALIVE_FASTER=1 takes real time.
TEST_P(phone_door_contract_test, keepalive_every_30_s_for_10_minutes_is_no_offence) {
  auto const* const asked = std::getenv("SIREN_KEEPALIVE_FASTER");
  auto const faster = asked != nullptr ? std::max(1, std::atoi(asked)) : 150;
  if (!library_->shows_heartbeats() && faster > 1) GTEST_SKIP() << "its keepalive of 30 s can't be hurried";
  auto options = gateway_world::quick();
  options.session.heartbeat_interval = milliseconds{5'000} / faster;
  options.phones.limits.dead_after = milliseconds{20'000} / faster;
  options.phones.limits.idle_within = std::max(seconds{1}, seconds{120} / faster);
  options.watch.head_fresh = minutes{20};  // not what is tried here
  options.watch.engine_silence = minutes{20};
  auto const g = world_.start(options);
  auto const until = steady_now() + milliseconds{600'000} / faster;
  auto const phone = library_->start({{g->phones_address()}, zones({"west"}), milliseconds{30'000} / faster});
  auto first = phone->next();
  EXPECT_EQ(first.kind, "snapshot");
  next(*phone, "heartbeat");
  auto const expected = library_->shows_heartbeats() ? "heartbeat" : "";
  while (steady_now() < until) ASSERT_EQ(phone->next().kind, expected) << "one stream, from the first word to the last";
  EXPECT_EQ(delivery(*g).phones(), 1U);
  EXPECT_EQ(world_.measured.counter("siren_gateway_snapshots_total", "Snapshots written to phones").Value(), 1);
}

std::string name_of_client(testing::TestParamInfo<std::unique_ptr<library> (*)()> const& which) {
  static constexpr std::array kNames{"siren_client", "stock_grpc", "grpc_js"};
  return kNames[which.index];
}

INSTANTIATE_TEST_SUITE_P(clients, phone_door_contract_test,
                         testing::Values(&siren_client_library, &stock_grpc_library, &grpc_js_library), name_of_client);

}  // namespace
}  // namespace siren::door
