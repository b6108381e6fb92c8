// The planner's two gRPC services on real sockets.
#include <gmock/gmock.h>

#include "services/planner_world.h"

namespace siren::test {
namespace {

namespace api = routing::v1;
using ::testing::IsEmpty;

/// Both services on a port of their own.
class planner_services : public a_planner {
 protected:
  void serve() {
    plan_door_ = std::make_unique<plan_handlers>(*streets_, shelf_);
    guidance_door_ = std::make_unique<guidance_handlers>(*streets_, *snap_, shelf_, clock_);
    auto started = rpc_server::start("127.0.0.1:0", rpc_exposure::internal, {plan_door_.get(), guidance_door_.get()});
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
    auto const channel = internal_channel(server_->address());
    plan_stub_ = api::PlanService::NewStub(channel);
    guidance_stub_ = api::GuidanceService::NewStub(channel);
  }
  void serve_planned() {
    run(kNever);
    ASSERT_TRUE(announces(1));
    serve();
  }
  void TearDown() override { server_.reset(); }

  api::GetPlanHeadResponse head() {
    grpc::ClientContext context;
    api::GetPlanHeadResponse answer;
    EXPECT_TRUE(plan_stub_->GetPlanHead(&context, {}, &answer).ok());
    return answer;
  }
  struct fetched {
    std::vector<std::string> chunks;
    grpc::Status status;
    [[nodiscard]] std::string joined() const {
      std::string all;
      for (auto const& chunk : chunks) all += chunk;
      return all;
    }
  };
  template <typename Response, typename Reader>
  static fetched drain(std::unique_ptr<Reader> const& reader) {
    fetched all;
    for (Response piece; reader->Read(&piece);) all.chunks.push_back(piece.chunk());
    all.status = reader->Finish();
    return all;
  }
  fetched fetch_graph(std::string const& hash) {
    grpc::ClientContext context;
    api::FetchGraphRequest request;
    request.set_graph_hash(hash);
    return drain<api::FetchGraphResponse>(plan_stub_->FetchGraph(&context, request));
  }
  fetched fetch_reach(std::string const& hash) {
    grpc::ClientContext context;
    api::FetchReachRequest request;
    request.set_reach_hash(hash);
    return drain<api::FetchReachResponse>(plan_stub_->FetchReach(&context, request));
  }
  fetched fetch_delta(std::uint64_t base, std::uint64_t version) {
    grpc::ClientContext context;
    api::FetchPlanDeltaRequest request;
    request.set_base_version(base);
    request.set_plan_version(version);
    return drain<api::FetchPlanDeltaResponse>(plan_stub_->FetchPlanDelta(&context, request));
  }
  fetched fetch_plan(std::uint64_t version) {
    grpc::ClientContext context;
    api::FetchPlanRequest request;
    request.set_plan_version(version);
    return drain<api::FetchPlanResponse>(plan_stub_->FetchPlan(&context, request));
  }
  static api::GetGuidanceRequest at(lat_lon place) {
    api::GetGuidanceRequest request;
    to_proto(place, request.mutable_position());
    return request;
  }
  grpc::Status ask(api::GetGuidanceRequest const& request, api::Guidance* told) {
    grpc::ClientContext context;
    api::GetGuidanceResponse answer;
    auto const status = guidance_stub_->GetGuidance(&context, request, &answer);
    *told = answer.guidance();
    return status;
  }
  api::Guidance told(api::GetGuidanceRequest const& request) {
    api::Guidance answer;
    auto const status = ask(request, &answer);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return answer;
  }

 private:
  std::unique_ptr<plan_handlers> plan_door_;
  std::unique_ptr<guidance_handlers> guidance_door_;
  std::unique_ptr<rpc_server> server_;
  std::unique_ptr<api::PlanService::Stub> plan_stub_;

 protected:
  std::unique_ptr<api::GuidanceService::Stub> guidance_stub_;
};

std::vector<std::byte> to_bytes(std::string const& text) {
  auto const* from = reinterpret_cast<std::byte const*>(text.data());
  return {from, from + text.size()};
}

/// Large enough for several chunks: 8,100 junctions.
std::vector<std::string> large_grid() {
  std::string junctions;
  std::string between;
  for (int column = 0; column < 90; ++column) {
    junctions += "+-";
    between += "| ";
  }
  junctions.back() = ' ';
  std::vector<std::string> rows;
  for (int row = 0; row < 90; ++row) rows.insert(rows.end(), {junctions, between});
  rows.pop_back();
  rows.front().front() = 'W';
  rows.front()[junctions.size() - 2] = 'E';
  return rows;
}

TEST_F(planner_services, graph_and_plan_come_in_chunks_that_read_back) {
  drawn_ = ascii_streets{large_grid()};
  SetUp();
  serve_planned();
  auto const now = head();
  EXPECT_EQ(now.plan_version(), 1U);

  auto const graph = fetch_graph(now.graph_hash());
  ASSERT_TRUE(graph.status.ok()) << graph.status.error_message();
  EXPECT_GT(graph.chunks.size(), 2U);
  for (auto const& chunk : graph.chunks) EXPECT_LE(chunk.size(), 256U << 10U);
  auto const streets = read_street_graph(shared_bytes::owned(to_bytes(graph.joined())));
  ASSERT_TRUE(streets) << streets.error().message;
  EXPECT_EQ(streets->id(), drawn_.graph().id());
  EXPECT_EQ(streets->node_count(), 8'100U);

  auto const reach_fetched = fetch_reach(now.reach_hash());
  ASSERT_TRUE(reach_fetched.status.ok()) << reach_fetched.status.error_message();
  auto const walks = read_reach(shared_bytes::owned(to_bytes(reach_fetched.joined())), *streets);
  ASSERT_TRUE(walks) << walks.error().message;
  EXPECT_EQ(walks->target_count(), 2U);

  auto const plan_fetched = fetch_plan(now.plan_version());
  ASSERT_TRUE(plan_fetched.status.ok()) << plan_fetched.status.error_message();
  auto const plan_bytes = to_bytes(plan_fetched.joined());
  auto const read = read_plan(plan_bytes, *streets, *walks);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, *shelf_.current()->plan);
}

TEST_F(planner_services, deltas_lead_from_an_older_plan_to_the_newest) {
  serve_planned();
  auto const first = shelf_.current()->plan;
  registry_.set(closed(west()));
  made_->poke();
  ASSERT_TRUE(announces(2));
  registry_.set(closed(east()));
  made_->poke();
  ASSERT_TRUE(announces(3));
  auto const way = fetch_delta(first->version, head().plan_version());
  ASSERT_TRUE(way.status.ok()) << way.status.error_message();
  ASSERT_EQ(way.chunks.size(), 2U);
  auto const second = apply_delta(*first, to_bytes(way.chunks[0]));
  ASSERT_TRUE(second) << second.error().message;
  auto const third = apply_delta(*second, to_bytes(way.chunks[1]));
  ASSERT_TRUE(third) << third.error().message;
  EXPECT_EQ(*third, *shelf_.current()->plan);
}

TEST_F(planner_services, a_stale_hash_or_version_is_told_to_ask_again) {
  serve_planned();
  auto const now = head();
  auto const version = now.plan_version();
  for (auto const& stale :
       {fetch_graph("0000000000000000"), fetch_graph(""), fetch_reach("0000000000000000"), fetch_plan(version + 1),
        fetch_plan(version - 1), fetch_delta(version - 1, version), fetch_delta(version, version + 1)}) {
    EXPECT_EQ(stale.status.error_code(), grpc::StatusCode::UNAVAILABLE);
    EXPECT_EQ(reason_of(stale.status), "PLAN_MISSING");
    EXPECT_THAT(stale.chunks, IsEmpty());
  }
}

TEST_F(planner_services, without_a_plan_the_head_is_zero_and_people_take_cover) {
  registry_.set_silent(true);
  run(kNever);
  serve();
  EXPECT_EQ(head().plan_version(), 0U);
  EXPECT_EQ(reason_of(fetch_plan(0).status), "PLAN_MISSING");
  auto const told_here = told(at(drawn_.at('W')));
  EXPECT_EQ(told_here.verdict(), api::VERDICT_TAKE_COVER);
  EXPECT_EQ(told_here.reason(), api::VERDICT_REASON_PLAN_MISSING);
  EXPECT_EQ(utc_from_proto(told_here.judged_time()), kNow);
}

TEST_F(planner_services, positions_off_the_earth_are_refused) {
  serve_planned();
  struct bad_place {
    lat_lon place;
    std::string why;
  };
  for (auto const& bad : {bad_place{{degrees{90.5}, degrees{30}}, "LATITUDE_OUT_OF_RANGE"},
                          bad_place{{degrees{50}, degrees{181}}, "LONGITUDE_OUT_OF_RANGE"},
                          bad_place{{degrees{std::nan("")}, degrees{30}}, "NOT_FINITE"}}) {
    api::Guidance nothing;
    auto const status = ask(at(bad.place), &nothing);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << bad.why;
    EXPECT_EQ(reason_of(status), bad.why);
  }
}

TEST_F(planner_services, guidance_names_a_shelter_with_room_and_the_moment_it_was_judged) {
  serve_planned();
  auto const answer = told(at(drawn_.at('E')));
  EXPECT_EQ(answer.verdict(), api::VERDICT_GO_SHELTER);
  EXPECT_EQ(answer.reason(), api::VERDICT_REASON_NO_DEADLINE);
  EXPECT_EQ(answer.destination().shelter_id(), "east");
  EXPECT_EQ(answer.plan_version(), 1U);
  EXPECT_EQ(utc_from_proto(answer.judged_time()), kNow);
  EXPECT_FALSE(answer.has_margin());
  EXPECT_FALSE(answer.text_uk().empty());
  EXPECT_FALSE(answer.text_en().empty());
  EXPECT_NE(answer.destination().room(), api::ROOM_BAND_UNSPECIFIED);
  EXPECT_EQ(answer.second_choice().destination().shelter_id(), "west");
  EXPECT_TRUE(answer.second_choice().route().polyline().empty());
}

TEST_F(planner_services, alternatives_have_whole_routes) {
  serve_planned();
  grpc::ClientContext context;
  api::GetGuidanceResponse answer;
  ASSERT_TRUE(guidance_stub_->GetGuidance(&context, at(drawn_.at('E')), &answer).ok());
  ASSERT_EQ(answer.alternatives_size(), 1);
  EXPECT_EQ(answer.alternatives(0).destination().shelter_id(), "west");
  EXPECT_FALSE(answer.alternatives(0).route().polyline().empty());
  EXPECT_GT(answer.alternatives(0).route().steps_size(), 1);
}

TEST_F(planner_services, an_unspecified_profile_is_the_average_walker) {
  serve_planned();
  auto request = at(drawn_.at('E'));
  registry_.set(closed(east()));  // not poked: the plan still has it
  auto const unspecified = told(request);
  request.set_profile(api::WALKING_PROFILE_AVERAGE);
  EXPECT_EQ(told(request).SerializeAsString(), unspecified.SerializeAsString());
  request.set_profile(static_cast<api::WalkingProfile>(99));
  api::Guidance nothing;
  EXPECT_EQ(reason_of(ask(request, &nothing)), "MALFORMED");
}

TEST_F(planner_services, nobody_is_sent_who_would_arrive_after_the_deadline) {
  registry_.set(closed(west()));  // from W it is 1 km to the other end: 14 min at 1.22 m/s, more in the slow case
  serve_planned();
  auto request = at(drawn_.at('W'));
  to_proto(kNow + minutes{60}, request.mutable_deadline_time());
  auto const ample = told(request);
  EXPECT_EQ(ample.reason(), api::VERDICT_REASON_IN_TIME);
  EXPECT_EQ(ample.destination().shelter_id(), "east");
  EXPECT_EQ(utc_from_proto(ample.deadline_time()), kNow + minutes{60});
  auto const slow = ample.route().slow_case_duration().seconds();
  EXPECT_GT(slow, 14 * 60);
  EXPECT_NEAR(static_cast<double>(ample.margin().seconds()), static_cast<double>(3'600 - slow), 1.0);

  to_proto(kNow + minutes{10}, request.mutable_deadline_time());
  auto const late = told(request);
  EXPECT_EQ(late.verdict(), api::VERDICT_TAKE_COVER);
  EXPECT_EQ(late.reason(), api::VERDICT_REASON_TOO_LATE);
  EXPECT_FALSE(late.has_destination());
  EXPECT_FALSE(late.has_route());
}

TEST_F(planner_services, a_closed_surface_station_next_door_is_never_the_destination) {
  registry_.set(closed(west()));
  registry_.set(surface_station("Лівобережна", drawn_.at('W')));
  serve_planned();
  EXPECT_EQ(told(at(drawn_.at('W'))).destination().shelter_id(), "east");
}

}  // namespace
}  // namespace siren::test
