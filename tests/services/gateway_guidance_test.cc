// What a gateway tells its phones to do, and when it says so again.
#include <gtest/gtest.h>

#include "common/convert/guidance_convert.h"
#include "rig/private_servers.h"
#include "services/gateway_delivery.h"
#include "services/gateway_world.h"
#include "services/raw_phone.h"
#include "siren/routing/v1/guidance_service.grpc.pb.h"

namespace siren {
namespace {

TEST(alert_gateway, guidance_follows_alarm_plan_and_place) {
  gateway_world w;
  w.plans.plan_for({{"west shelter", 30.04}});
  auto const g = w.start();
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  raw_phone p{*g};
  p.say(raw_phone::at(50.0501, 30.05));
  p.next(WatchAlertsResponse::kHeartbeat);
  w.publish(w.happen("west", stage::go, hours{1}));
  auto told = p.next(WatchAlertsResponse::kGuidance).guidance();
  EXPECT_EQ(told.verdict(), routing::v1::VERDICT_GO_SHELTER);
  EXPECT_EQ(told.reason(), routing::v1::VERDICT_REASON_IN_TIME);
  EXPECT_EQ(told.destination().shelter_id(), "west shelter");
  EXPECT_EQ(told.alert_id(), "west@1");
  EXPECT_GT(told.route().length_m(), 500.0);
  EXPECT_FALSE(told.text_uk().empty());

  w.plans.plan_for({{"west shelter", 30.04}, {"near shelter", 30.051}});
  EXPECT_EQ(p.next(WatchAlertsResponse::kGuidance).guidance().destination().shelter_id(), "near shelter");

  // Underway it stays with what it was told, wherever it walks past; the route begins where it is.
  p.say(raw_phone::moved_to(50.05, 30.02));
  told = p.next(WatchAlertsResponse::kGuidance).guidance();
  EXPECT_EQ(told.destination().shelter_id(), "near shelter");
  EXPECT_GT(told.route().length_m(), 2'000.0);

  w.publish(w.happen("west", stage::take_cover, minutes{1}));
  told = p.next(WatchAlertsResponse::kGuidance).guidance();
  EXPECT_EQ(told.verdict(), routing::v1::VERDICT_TAKE_COVER);
  EXPECT_EQ(told.reason(), routing::v1::VERDICT_REASON_TOO_LATE);
  EXPECT_FALSE(told.has_route());
}

TEST(alert_gateway, before_it_is_told_to_go_a_phone_belongs_to_the_place_where_it_is) {
  gateway_world w;
  w.plans.plan_for({{"west shelter", 30.02}, {"near shelter", 30.051}});
  auto const g = w.start();
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  raw_phone p{*g};
  p.say(raw_phone::at(50.0501, 30.05));
  p.next(WatchAlertsResponse::kHeartbeat);
  w.publish(w.happen("west", stage::prepare, hours{1}));
  EXPECT_EQ(p.next(WatchAlertsResponse::kGuidance).guidance().destination().shelter_id(), "near shelter");
  p.say(raw_phone::moved_to(50.05, 30.021));
  EXPECT_EQ(p.next(WatchAlertsResponse::kGuidance).guidance().destination().shelter_id(), "west shelter");
}

TEST(alert_gateway, a_shut_shelter_comes_as_a_delta_and_nobody_is_left_pointed_at_it) {
  gateway_world w;
  w.plans.plan_for({{"west shelter", 30.04}, {"near shelter", 30.051}, {"far shelter", 30.08}});
  auto const g = w.start();
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  raw_phone p{*g};
  p.say(raw_phone::at(50.0501, 30.05));
  p.next(WatchAlertsResponse::kHeartbeat);
  w.publish(w.happen("west", stage::go, hours{2}));
  auto told = p.next(WatchAlertsResponse::kGuidance).guidance();
  EXPECT_EQ(told.destination().shelter_id(), "near shelter");
  EXPECT_EQ(told.second_choice().destination().shelter_id(), "west shelter");
  w.plans.shut("near shelter");
  told = p.next(WatchAlertsResponse::kGuidance).guidance();
  EXPECT_EQ(told.destination().shelter_id(), "west shelter");
  EXPECT_EQ(told.second_choice().destination().shelter_id(), "far shelter");
  EXPECT_EQ(w.plans.plans_fetched, 1) << "the second plan came as what changed";
  // Where it goes stays the same; that its second choice is shut is news all the same.
  w.plans.shut("far shelter");
  told = p.next(WatchAlertsResponse::kGuidance).guidance();
  EXPECT_EQ(told.destination().shelter_id(), "west shelter");
  EXPECT_FALSE(told.has_second_choice());
}

TEST(alert_gateway, a_damaged_delta_costs_a_whole_plan_and_nothing_else) {
  gateway_world w;
  w.plans.damage_deltas = true;
  w.plans.plan_for({{"west shelter", 30.04}, {"near shelter", 30.051}});
  auto const g = w.start();
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  w.plans.shut("near shelter");
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 2; }));
  EXPECT_EQ(w.plans.plans_fetched, 2);
  EXPECT_EQ(w.plans.walks_fetched, 1);
}

TEST(alert_gateway, streets_and_walking_times_are_fetched_once_for_many_starts) {
  gateway_world w;
  auto const folder = make_run_folder("test");
  auto options = gateway_world::quick();
  options.cache = folder + "/cache";
  w.plans.plan_for({{"west shelter", 30.04}});
  for (int start = 0; start < 2; ++start) {
    auto const g = w.start(options);
    ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  }
  EXPECT_EQ(w.plans.graphs_fetched, 1);
  EXPECT_EQ(w.plans.walks_fetched, 1);
  remove_run_folder(folder);
}

TEST(alert_gateway, after_the_all_clear_nobody_is_sent_anywhere) {
  gateway_world w;
  w.plans.plan_for({{"west shelter", 30.04}});
  auto const g = w.start();
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  raw_phone p{*g};
  p.say(raw_phone::at(50.0501, 30.05));
  p.next(WatchAlertsResponse::kHeartbeat);
  w.publish(w.happen("west", stage::go));
  p.next(WatchAlertsResponse::kGuidance);
  w.publish(w.happen("west", stage::all_clear));
  EXPECT_EQ(p.next_alert_seq(), 2U);
  w.plans.plan_for({{"other shelter", 30.06}});
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 2; }));
  w.publish(w.happen("west", stage::go));
  auto const next = p.next(WatchAlertsResponse::kGuidance).guidance();
  EXPECT_EQ(next.alert_id(), "west@2") << "guidance came between the alarms";
  EXPECT_EQ(delivery(*g).guidance_sent(), 2U);
}

TEST(alert_gateway, answers_a_free_question_from_memory) {
  gateway_world w;
  w.plans.plan_for({{"west shelter", 30.04}, {"far shelter", 30.09}});
  auto const g = w.start();
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  auto const stub = routing::v1::GuidanceService::NewStub(
      grpc::CreateChannel(g->phones_address(), grpc::InsecureChannelCredentials()));
  auto const ask = [&](double lat, double lon, routing::v1::GetGuidanceResponse& answer) {
    grpc::ClientContext context;
    routing::v1::GetGuidanceRequest request;
    request.mutable_position()->set_latitude_deg(lat);
    request.mutable_position()->set_longitude_deg(lon);
    return stub->GetGuidance(&context, request, &answer);
  };
  routing::v1::GetGuidanceResponse answer;
  ASSERT_TRUE(ask(50.0501, 30.05, answer).ok());
  EXPECT_EQ(answer.guidance().destination().shelter_id(), "west shelter");
  EXPECT_EQ(answer.guidance().reason(), routing::v1::VERDICT_REASON_NO_DEADLINE);
  ASSERT_EQ(answer.alternatives_size(), 1);
  EXPECT_EQ(answer.alternatives(0).destination().shelter_id(), "far shelter");
  ASSERT_TRUE(ask(50.09, 30.05, answer).ok());
  EXPECT_EQ(answer.guidance().verdict(), routing::v1::VERDICT_TAKE_COVER);
  EXPECT_EQ(reason_of(ask(91, 30, answer)), "LATITUDE_OUT_OF_RANGE");
}

}  // namespace
}  // namespace siren
