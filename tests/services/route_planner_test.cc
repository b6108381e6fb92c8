// The planner's thread over a scripted registry, and its two gRPC services.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <mutex>

#include "common/convert/base_convert.h"
#include "common/rpc_server.h"
#include "core/route/ascii_streets.h"
#include "rig/child_process.h"
#include "rig/private_servers.h"
#include "route_planner/handlers.h"
#include "route_planner/planner.h"

namespace siren {
namespace {

namespace api = routing::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr milliseconds kSoon{20'000};      // an event that does not come by then does not come
constexpr milliseconds kNever{3'600'000};  // only a poke can be the cause
constexpr milliseconds kOften{5};
constexpr utc_time kNow{hours{24 * 365 * 56}};

class scripted_shelters final : public shelter_source {
 public:
  void set(shelter const& row) {
    std::lock_guard const lock{mutex_};
    rows_[row.id] = {++head_, row};
  }
  void set_silent(bool silent) {
    std::lock_guard const lock{mutex_};
    silent_ = silent;
  }
  /// As from a backup: other rows, an earlier change number.
  void put_back(shelter const& only) {
    std::lock_guard const lock{mutex_};
    rows_ = {{only.id, {1, only}}};
    head_ = 1;
  }
  /// The row can't be understood any more, as when a newer release wrote it.
  void garble(shelter_id const& id) {
    std::lock_guard const lock{mutex_};
    rows_.erase(id);
    garbled_.push_back({++head_, id});
  }
  void set(ground_conditions const& now) {
    std::lock_guard const lock{mutex_};
    ++head_;
    ground_ = now;
  }
  [[nodiscard]] result<ground_conditions> conditions() override {
    std::lock_guard const lock{mutex_};
    if (silent_) return failure{reason::store_unavailable, "the registry does not answer"};
    return ground_;
  }
  [[nodiscard]] int asked() const {
    std::lock_guard const lock{mutex_};
    return asked_;
  }
  [[nodiscard]] result<shelter_changes> changes_after(std::uint64_t seq) override {
    std::lock_guard const lock{mutex_};
    ++asked_;
    if (silent_) return failure{reason::store_unavailable, "the registry does not answer"};
    shelter_changes made{{}, {}, head_};
    for (auto const& [id, row] : rows_)
      if (row.first > seq) made.changed.push_back(row.second);
    for (auto const& [change, id] : garbled_)
      if (change > seq) made.unreadable.push_back(id);
    return made;
  }

 private:
  mutable std::mutex mutex_;
  std::map<shelter_id, std::pair<std::uint64_t, shelter>> rows_;
  std::vector<std::pair<std::uint64_t, shelter_id>> garbled_;
  ground_conditions ground_{.light = light_rule::day};
  std::uint64_t head_ = 0;
  int asked_ = 0;
  bool silent_ = false;
};

class still_clock final : public world_clock {
 public:
  [[nodiscard]] utc_time now() const override { return kNow; }
};

shelter closed(shelter row) {
  row.state = open_state::closed;
  return row;
}

shelter surface_station(std::string const& id, lat_lon place) {
  auto row = open_shelter(id, place);
  row.type = shelter_type::metro_station;
  row.surface = true;
  row.role = metro_role::closed;
  row.capacity = 2'000;
  return row;
}

zone_map one_zone(std::uint32_t population) {
  zone city;
  city.id = zone_id{"city"};
  city.kind = zone_kind::city;
  city.population = population;
  auto const at = [](double lat, double lon) { return lat_lon{degrees{lat}, degrees{lon}}; };
  city.shape = {{{at(50.3, 30.3), at(50.3, 30.8), at(50.6, 30.8), at(50.6, 30.3)}, {}}};
  return *zone_map::build({city});
}

/// One street of 1 km with a shelter at each end, where 120 people live.
class a_planner : public ::testing::Test {
 protected:
  void SetUp() override {
    registry_.set(west());
    registry_.set(east());
  }
  [[nodiscard]] shelter west() const { return open_shelter("west", drawn_.at('W')); }
  [[nodiscard]] shelter east() const { return open_shelter("east", drawn_.at('E')); }

  planner& run(milliseconds ask_every, std::uint64_t first_version = 1) {
    streets_ = std::make_shared<street_graph const>(drawn_.graph());
    snap_ = std::make_shared<snap_index const>(*streets_);
    planner_options options;
    options.ask_every = ask_every;
    made_ = std::make_unique<planner>(planner::parts{.streets = streets_,
                                                     .snap = snap_,
                                                     .zones = zones_,
                                                     .people = find_people(*streets_, zones_, zone_id{"city"}),
                                                     .metro = {},
                                                     .centre = drawn_.at('W'),
                                                     .shelters = registry_,
                                                     .local_time = [](utc_time) { return minutes{0}; },
                                                     .clock = clock_,
                                                     .announce = [this](std::uint64_t version) { tell(version); },
                                                     .shelf = shelf_,
                                                     .cache = cache_,
                                                     .measured = measured_,
                                                     .first_version = first_version,
                                                     .options = options});
    made_->start();
    return *made_;
  }
  [[nodiscard]] std::vector<std::string> open_now() const {
    std::vector<std::string> ids;
    if (auto const current = shelf_.current())
      for (std::size_t t = 0; t < current->plan->facts.size(); ++t)
        if (current->plan->states[t].open) ids.push_back(current->plan->facts[t].shelter.value);
    return ids;
  }
  /// Walking times are made beside the plans, so that a change may take more than one plan to be seen whole.
  bool opens(std::vector<std::string> const& wanted) {
    return wait_until([&] { return open_now() == wanted; }, kSoon);
  }
  [[nodiscard]] std::vector<std::uint64_t> announced() const {
    std::lock_guard const lock{mutex_};
    return announced_;
  }
  bool announces(std::size_t count) {
    return wait_until([&] { return announced().size() >= count; }, kSoon);
  }
  bool asks_again() {
    auto const before = registry_.asked();
    return wait_until([&] { return registry_.asked() >= before + 3; }, kSoon);
  }
  [[nodiscard]] std::uint64_t staying() const {
    auto const told = shelf_.figures();
    return told ? told->plan.people - told->plan.assigned : 0;
  }

  ascii_streets drawn_{{"W---------+---------E"}, {{0, "Довга"}}};
  zone_map zones_ = one_zone(120);
  scripted_shelters registry_;
  still_clock clock_;
  file_cache cache_{""};
  metrics measured_;
  plan_shelf shelf_;
  std::shared_ptr<street_graph const> streets_;
  std::shared_ptr<snap_index const> snap_;

 private:
  void tell(std::uint64_t version) {
    std::lock_guard const lock{mutex_};
    announced_.push_back(version);
  }
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> announced_;

 protected:
  std::unique_ptr<planner> made_;  // last: its thread uses the others
};

TEST_F(a_planner, plans_once_and_again_only_when_something_changed) {
  run(kOften, 1'700'000'000'000);
  ASSERT_TRUE(announces(1));
  EXPECT_THAT(open_now(), UnorderedElementsAre("west", "east"));
  ASSERT_TRUE(asks_again());
  EXPECT_THAT(announced(), ElementsAre(1'700'000'000'000));
  registry_.set(closed(east()));
  ASSERT_TRUE(announces(2));
  EXPECT_THAT(announced(), ElementsAre(1'700'000'000'000, 1'700'000'000'001));
}

TEST_F(a_planner, a_closed_shelter_shuts_within_a_poke_and_its_people_go_elsewhere) {
  auto& plans = run(kNever);
  ASSERT_TRUE(announces(1));
  registry_.set(closed(west()));
  plans.poke();
  ASSERT_TRUE(announces(2));
  EXPECT_THAT(open_now(), ElementsAre("east"));
  auto const current = shelf_.current()->plan;
  for (auto const& of_profile : current->profiles)
    for (auto const& option : of_profile.options)
      if (option.target.value != kNoIndex) {
        EXPECT_EQ(current->facts[option.target.value].shelter.value, "east");
      }
}

TEST_F(a_planner, a_change_is_seen_without_the_bus) {
  run(kOften);
  ASSERT_TRUE(announces(1));
  registry_.set(closed(east()));
  EXPECT_TRUE(opens({"west"}));
}

TEST_F(a_planner, a_silent_registry_leaves_the_plan_in_force) {
  run(kOften);
  ASSERT_TRUE(announces(1));
  auto const before = shelf_.current();
  registry_.set_silent(true);
  registry_.set(closed(west()));
  ASSERT_TRUE(asks_again());
  EXPECT_EQ(shelf_.current(), before);
  registry_.set_silent(false);
  EXPECT_TRUE(opens({"east"}));
}

TEST_F(a_planner, no_plan_before_the_registry_first_answers) {
  registry_.set_silent(true);
  run(kOften);
  ASSERT_TRUE(asks_again());
  EXPECT_EQ(shelf_.current(), nullptr);
  registry_.set_silent(false);
  EXPECT_TRUE(announces(1));
}

// People would have been sent to shelters that the restored registry knows as closed until the process was restarted.
TEST_F(a_planner, a_registry_put_back_to_an_earlier_change_is_read_anew) {
  registry_.set(closed(east()));
  registry_.set(east());
  run(kOften);
  ASSERT_TRUE(announces(1));
  registry_.put_back(open_shelter("old", drawn_.at('E')));
  EXPECT_TRUE(opens({"old"}));
}

// People would have been sent to a door that a newer registry had already locked.
TEST_F(a_planner, a_shelter_that_can_not_be_read_counts_as_closed) {
  run(kOften);
  ASSERT_TRUE(announces(1));
  registry_.garble(shelter_id{"east"});
  EXPECT_TRUE(opens({"west"}));
}

TEST_F(a_planner, closed_surface_stations_are_never_planned) {
  registry_.set(surface_station("Лівобережна", drawn_.at('W')));
  run(kNever);
  ASSERT_TRUE(announces(1));
  EXPECT_THAT(open_now(), UnorderedElementsAre("west", "east"));
}

TEST_F(a_planner, a_shelter_that_is_new_gets_walking_times_of_its_own) {
  auto& plans = run(kNever);
  ASSERT_TRUE(announces(1));
  auto const before = shelf_.current()->plan->walks;
  registry_.set(open_shelter("new", drawn_.at('E')));
  plans.poke();
  EXPECT_TRUE(opens({"east", "new", "west"}));
  EXPECT_NE(shelf_.current()->plan->walks, before);
}

TEST_F(a_planner, ice_makes_ways_longer) {
  auto& plans = run(kNever);
  ASSERT_TRUE(announces(1));
  auto const dry = shelf_.current();
  registry_.set(ground_conditions{.light = light_rule::day, .ice = true, .revision = 2});
  plans.poke();
  ASSERT_TRUE(wait_until([&] { return shelf_.current()->plan->walks != dry->plan->walks; }, kSoon));
  auto const icy = shelf_.current();
  auto const at = drawn_.node('W');
  auto const slowest = [&](auto const& published) { return published->walks->by_node[0]->at(at).back().time_ds; };
  EXPECT_GT(slowest(icy), slowest(dry));
}

TEST_F(a_planner, at_night_unlit_streets_are_slower_without_anybody_saying_so) {
  registry_.set(ground_conditions{});  // automatic; kNow is midnight in winter
  run(kNever);
  ASSERT_TRUE(announces(1));
  EXPECT_EQ(shelf_.current()->walks->walks->conditions().light, street_light::dark);
}

TEST_F(a_planner, nobody_is_planned_past_the_deadline_of_their_zone) {
  registry_.set(closed(west()));
  auto& plans = run(kNever);
  ASSERT_TRUE(announces(1));
  EXPECT_EQ(shelf_.figures()->plan.assigned, 100U) << "room for 100 of 120";
  plans.alarms_are({{zone_id{"city"}, {stage::go, false, kNow + minutes{5}}}});
  ASSERT_TRUE(wait_until([&] { return shelf_.figures()->areas_with_deadline == 1; }, kSoon));
  // 5 min less the margin, at 1.22 m/s and 0.8 of it: 263 m of the kilometre.
  auto const told = *shelf_.figures();
  EXPECT_GT(told.plan.too_late, 60U);
  EXPECT_LT(told.plan.assigned, 60U);
  EXPECT_EQ(told.plan.overload, 0U);
  EXPECT_LE(told.nearest.in_time, told.plan.assigned);
}

TEST_F(a_planner, nearest_shelters_would_overflow_where_the_plan_does_not) {
  auto small = west();
  small.capacity = 10;
  registry_.set(small);
  auto large = east();
  large.capacity = 110;
  registry_.set(large);
  run(kNever);
  ASSERT_TRUE(announces(1));
  auto const told = *shelf_.figures();
  EXPECT_EQ(told.plan.assigned, 120U);
  EXPECT_EQ(told.plan.overload, 0U);
  EXPECT_EQ(told.nearest.overfull_shelters, 1U);
  EXPECT_GT(told.nearest.over_capacity, 30U);
  EXPECT_LT(told.nearest.in_time, 90U);
}

TEST_F(a_planner, walking_times_are_kept_and_found_again) {
  auto const folder = make_run_folder("test");
  cache_ = file_cache{folder + "/cache"};
  run(kNever);
  ASSERT_TRUE(announces(1));
  EXPECT_FALSE(shelf_.current()->walks->kept);
  auto const id = shelf_.current()->plan->walks;
  auto const before = announced().size();
  run(kNever);
  ASSERT_TRUE(announces(before + 1));
  EXPECT_TRUE(shelf_.current()->walks->kept);
  EXPECT_EQ(shelf_.current()->plan->walks, id);
  made_.reset();
  remove_run_folder(folder);
}

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
}  // namespace siren
