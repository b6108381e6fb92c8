// An alarm of people needs two of them: over real gRPC, in the live world.
#include <algorithm>
#include <future>

#include "services/bundle_folder.h"
#include "services/zone_world.h"

namespace siren::test {
namespace {

using zones::v1::STAGE_ALL_CLEAR;
using zones::v1::STAGE_GO;
using zones::v1::STAGE_TAKE_COVER;

constexpr char kWords[] = "Drones from the north";

/// Tokens of an issuer as a city has one: the live world takes no local issuer.
class zone_two_people : public zone_engine {
 protected:
  zone_two_people() {
    make_database(world::live);
    folder_.write("jwks.json", R"({"keys":[)" + key_.to_json(false) + "]}");
    config_.sign_in.issuer = "https://id.example";
    config_.sign_in.audience = "siren";
    config_.sign_in.jwks = folder_.path() / "jwks.json";
    config_.sign_in.algorithm = "ES256";
  }

  [[nodiscard]] std::string token_of(std::string const& name, std::string const& role, seconds ago = seconds{0}) const {
    auto const now = std::chrono::floor<seconds>(wall_now().time_since_epoch() - ago).count();
    return key_.sign("ES256", R"({"iss":"https://id.example","aud":"siren","sub":")" + name + R"(","iat":)" +
                                  std::to_string(now) + R"(,"exp":)" + std::to_string(now + 600) +
                                  R"(,"roles":["oblast/)" + role + R"("]})");
  }

  answer<alerts::v1::ProposeAlarmResponse> propose(std::string const& token, std::string const& id,
                                                   std::string const& text = kWords,
                                                   zones::v1::Stage stage = STAGE_GO) {
    alerts::v1::ProposeAlarmRequest request;
    request.set_request_id(id);
    request.set_zone_id("west");
    request.set_stage(stage);
    request.set_text(text);
    answer<alerts::v1::ProposeAlarmResponse> got;
    got.status = call(token, [&](auto& stub, auto* context) { return stub.ProposeAlarm(context, request, &got.body); });
    return got;
  }
  answer<alerts::v1::ApproveAlarmResponse> approve(std::string const& token, std::string const& proposal,
                                                   std::string const& text = kWords,
                                                   zones::v1::Stage stage = STAGE_GO) {
    alerts::v1::ApproveAlarmRequest request;
    request.set_request_id("approval of " + proposal);
    request.set_proposal_id(proposal);
    request.set_zone_id("west");
    request.set_stage(stage);
    request.set_text(text);
    answer<alerts::v1::ApproveAlarmResponse> got;
    got.status = call(token, [&](auto& stub, auto* context) { return stub.ApproveAlarm(context, request, &got.body); });
    return got;
  }
  answer<alerts::v1::CancelAlarmResponse> cancel(std::string const& token, std::string const& id) {
    alerts::v1::CancelAlarmRequest request;
    request.set_request_id(id);
    request.set_zone_id("west");
    answer<alerts::v1::CancelAlarmResponse> got;
    got.status = call(token, [&](auto& stub, auto* context) { return stub.CancelAlarm(context, request, &got.body); });
    return got;
  }
  answer<alerts::v1::ListAlarmProposalsResponse> proposals(std::string const& token) {
    answer<alerts::v1::ListAlarmProposalsResponse> got;
    got.status =
        call(token, [&](auto& stub, auto* context) { return stub.ListAlarmProposals(context, {}, &got.body); });
    return got;
  }
  static void expect_refused(grpc::Status const& status, grpc::StatusCode code, std::string const& why) {
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    EXPECT_EQ(reason_of(status), why);
  }
  static void expect_denied(grpc::Status const& status, std::string const& why) {
    expect_refused(status, grpc::StatusCode::PERMISSION_DENIED, why);
  }

  temporary_folder folder_;
  jose_key key_ = jose_key::make(jose_key::family::p256, "k1");
  std::string const olena_ = token_of("olena", "alarm_proposer");
  std::string const bohdan_ = token_of("bohdan", "alarm_approver");

 private:
  template <typename Call>
  grpc::Status call(std::string const& token, Call const& what) {
    auto const stub = alerts::v1::AlarmService::NewStub(internal_channel(engine_->address()));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kSoon);
    carry_token(context, token);
    return what(*stub, &context);
  }
};

TEST_F(zone_two_people, an_alarm_is_proposed_approved_and_cancelled) {
  start_engine();
  auto const proposed = propose(olena_, "p1");
  ASSERT_TRUE(proposed.status.ok()) << proposed.status.error_message();
  auto const id = proposed.body.proposal().proposal_id();
  EXPECT_EQ(proposed.body.proposal().proposer(), "olena");
  EXPECT_LE(proposed.body.proposal().time_left().seconds(), 120);
  EXPECT_TRUE(logged().empty()) << "nothing sounds yet";
  auto const shown = proposals(bohdan_);
  ASSERT_EQ(shown.body.proposals_size(), 1);
  EXPECT_EQ(shown.body.proposals(0).text(), kWords);

  auto const raised = approve(bohdan_, id);
  ASSERT_TRUE(raised.status.ok()) << raised.status.error_message();
  EXPECT_EQ(raised.body.alert().stage(), STAGE_GO);
  EXPECT_NE(raised.body.alert().body_en().find(kWords), std::string::npos);
  EXPECT_EQ(approve(bohdan_, id).body.SerializeAsString(), raised.body.SerializeAsString()) << "said again, heard once";
  EXPECT_EQ(logged_of("west").size(), 1U);
  EXPECT_EQ(proposals(bohdan_).body.proposals_size(), 0);

  EXPECT_EQ(cancel(olena_, "c1").body.alert().stage(), STAGE_ALL_CLEAR) << "one is enough to cancel";
  expect_refused(approve(bohdan_, id).status, grpc::StatusCode::FAILED_PRECONDITION, "PROPOSAL_WITHDRAWN");
  EXPECT_EQ(logged_of("west").size(), 2U);
}

TEST_F(zone_two_people, who_may_not_is_denied_and_nothing_sounds) {
  start_engine();
  auto const id = propose(olena_, "p1").body.proposal().proposal_id();
  expect_denied(approve(olena_, id).status, "ROLE_MISSING");
  expect_denied(approve(token_of("olena", "alarm_approver"), id).status, "SECOND_PERSON_NEEDED");
  expect_denied(approve("", id).status, "SIGN_IN_MISSING");
  expect_denied(approve(token_of("bohdan", "alarm_approver", hours{1}), id).status, "TOKEN_EXPIRED");
  expect_denied(propose(token_of("olena", "alarm_proposer", hours{1}), "p2").status, "TOKEN_EXPIRED");
  for (auto const* wrong : {"viewer", "shelter_editor", "auditor", "exercise_leader", "alarm_proposer"})
    expect_denied(approve(token_of("bohdan", wrong), id).status, "ROLE_MISSING");
  expect_denied(propose(bohdan_, "p2").status, "ROLE_MISSING");
  expect_denied(cancel(token_of("eve", "viewer"), "c1").status, "ROLE_MISSING");
  expect_refused(approve(bohdan_, id, "Drones from the south").status, grpc::StatusCode::FAILED_PRECONDITION,
                 "PROPOSAL_DIFFERS");
  expect_refused(approve(bohdan_, id, kWords, STAGE_TAKE_COVER).status, grpc::StatusCode::FAILED_PRECONDITION,
                 "PROPOSAL_DIFFERS");
  expect_refused(approve(bohdan_, "no such").status, grpc::StatusCode::NOT_FOUND, "UNKNOWN_PROPOSAL");
  token_ = token_of("olena", "exercise_leader");
  operator_ = "";
  expect_denied(raise("r1", "west", STAGE_GO).status, "SECOND_PERSON_NEEDED");
  EXPECT_EQ(proposals(token_of("eve", "shelter_editor")).body.proposals_size(), 0);
  EXPECT_TRUE(logged().empty());
}

// One person with both roles, eight hands and every answer he ever got.
TEST_F(zone_two_people, a_thousand_racing_tries_of_one_person_fire_nothing) {
  start_engine();
  auto const eve_proposes = token_of("eve", "alarm_proposer");
  auto const eve_approves = token_of("eve", "alarm_approver");
  auto const cancelled = propose(olena_, "p1").body.proposal().proposal_id();
  ASSERT_TRUE(approve(bohdan_, cancelled).status.ok());
  ASSERT_TRUE(cancel(olena_, "c1").status.ok());
  auto const before = logged().size();

  std::atomic<int> tries{0};
  std::atomic<int> went_through{0};
  std::vector<std::future<void>> hands;
  for (int hand = 0; hand < 8; ++hand)
    hands.push_back(std::async(std::launch::async, [&, hand] {
      std::string own = "none";
      for (int i = 0; i < 125; ++i) {
        ++tries;
        auto const name = std::to_string(hand) + "/" + std::to_string(i);
        if (i % 25 == 0)
          if (auto const made = propose(eve_proposes, name); made.status.ok()) own = made.body.proposal().proposal_id();
        auto const& with = i % 3 == 0 ? eve_approves : i % 3 == 1 ? bohdan_ : eve_proposes;
        if (approve(with, with == bohdan_ ? cancelled : own).status.ok()) ++went_through;
      }
    }));
  for (auto& hand : hands) hand.get();
  EXPECT_EQ(tries, 1'000);
  EXPECT_EQ(went_through, 0);
  EXPECT_EQ(logged().size(), before) << "nothing fired";
}

TEST_F(zone_two_people, two_approvals_at_once_fire_once) {
  start_engine();
  auto const id = propose(olena_, "p1").body.proposal().proposal_id();
  std::vector<std::future<bool>> hands;
  for (int hand = 0; hand < 16; ++hand)
    hands.push_back(std::async(std::launch::async, [&] { return approve(bohdan_, id).status.ok(); }));
  auto done = 0;
  for (auto& hand : hands) done += hand.get() ? 1 : 0;
  EXPECT_EQ(done, 16) << "each gets the same answer";
  EXPECT_EQ(logged_of("west").size(), 1U);
}

TEST_F(zone_two_people, who_proposes_without_end_is_slowed_down) {
  start_engine();
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(propose(olena_, std::to_string(i)).status.ok());
  expect_refused(propose(olena_, "more").status, grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS");
}

// The id of the order to come would have been used up, and the approval refused.
TEST_F(zone_two_people, nobody_takes_the_request_id_of_an_approval) {
  start_engine();
  auto const id = propose(olena_, "p1").body.proposal().proposal_id();
  expect_refused(cancel(olena_, "proposal/" + id).status, grpc::StatusCode::INVALID_ARGUMENT, "MALFORMED");
  ASSERT_TRUE(approve(bohdan_, id).status.ok());
  ASSERT_TRUE(cancel(olena_, "c1").status.ok());
  auto const again = propose(olena_, "p2").body.proposal().proposal_id();
  ASSERT_TRUE(approve(bohdan_, again).status.ok());
  EXPECT_EQ(cancel(bohdan_, "c1").body.alert().stage(), STAGE_ALL_CLEAR) << "another person's request of that id";
  EXPECT_EQ(
      one_text("SELECT string_agg(actor || ' ' || act, ', ' ORDER BY place) FROM audit_record WHERE chain = 'orders'"),
      "olena propose, bohdan approve, olena cancel, olena propose, bohdan approve, bohdan cancel");
}

// An approval from before a restart would have raised what nobody looked at any more.
TEST_F(zone_two_people, an_engine_that_takes_over_knows_no_proposals) {
  start_engine();
  auto const id = propose(olena_, "p1").body.proposal().proposal_id();
  restart_engine();
  expect_refused(approve(bohdan_, id).status, grpc::StatusCode::NOT_FOUND, "UNKNOWN_PROPOSAL");
  EXPECT_TRUE(logged().empty());
}

}  // namespace
}  // namespace siren::test
