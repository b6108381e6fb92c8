// What changes by the second in the registry, over real gRPC, PostgreSQL and Redis.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/access/local_issuer.h"
#include "common/city_bundle/bundle_files.h"
#include "common/convert/base_convert.h"
#include "fakes/live_registry.h"
#include "services/bundle_folder.h"

namespace siren {
namespace {

namespace api = shelters::v1;
using ::testing::ElementsAre;

class shelter_live : public ::testing::Test {
 protected:
  shelter_live()
      : live_{token_verifier::open(issuer_.options()).value()},
        stub_{api::ShelterService::NewStub(internal_channel(live_.address()))} {
    shelter s;
    s.id = shelter_id{"a"};
    s.name_uk = s.name_en = "A";
    s.place = {degrees{50.45}, degrees{30.52}};
    s.entrances = {{"", s.place, false}};
    s.capacity = 100;
    s.state = open_state::open;
    EXPECT_TRUE(live_.store().put_all({s}, live_registry::kNow, false));
    sign_in({"31/shelter_editor"});
  }

  void sign_in(std::vector<std::string> const& roles) { token_ = issuer_.token({"olena", roles}, wall_now()); }
  template <typename Call>
  grpc::Status call(Call const& call) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + seconds{20});
    carry_token(context, token_);
    return call(&context);
  }
  grpc::Status count(std::uint64_t sequence, std::int32_t people, api::ReportCountsResponse* answer) {
    api::ReportCountsRequest request;
    auto* delta = request.add_deltas();
    delta->set_shelter_id("a");
    delta->set_sensor_id("door");
    delta->set_run(1);
    delta->set_sequence(sequence);
    delta->set_delta(people);
    return call([&](auto* context) { return stub_->ReportCounts(context, request, answer); });
  }
  grpc::Status history(api::GetOccupancyHistoryResponse* answer) {
    api::GetOccupancyHistoryRequest request;
    request.set_shelter_id("a");
    return call([&](auto* context) { return stub_->GetOccupancyHistory(context, request, answer); });
  }
  grpc::Status sign(api::SignKind kind, std::string const& source, bool open, api::Shelter* now) {
    api::ReportSignRequest request;
    request.set_shelter_id("a");
    request.set_kind(kind);
    request.set_source_id(source);
    request.set_open(open);
    api::ReportSignResponse answer;
    auto const status = call([&](auto* context) { return stub_->ReportSign(context, request, &answer); });
    *now = answer.shelter();
    return status;
  }
  std::vector<std::string> partitions() {
    std::vector<std::string> names;
    EXPECT_TRUE(live_.database().transact([&](pqxx::work& work) -> result<void> {
      names.clear();
      for (auto const& row : work.exec("SELECT inhrelid::regclass::text FROM pg_inherits "
                                       "WHERE inhparent = 'shelter_history'::regclass ORDER BY 1"))
        names.push_back(row[0].as<std::string>());
      return {};
    }));
    return names;
  }

  test::temporary_folder folder_;
  local_issuer issuer_ = local_issuer::open(world::exercise, folder_.path() / "issuer").value();
  live_registry live_;
  std::unique_ptr<api::ShelterService::Stub> stub_;
  std::string token_;
};

TEST_F(shelter_live, a_counter_learns_where_it_stands) {
  api::ReportCountsResponse answer;
  ASSERT_TRUE(count(1, 12, &answer).ok());
  EXPECT_EQ(answer.applied(), 1U);
  ASSERT_EQ(answer.positions_size(), 1);
  EXPECT_EQ(answer.positions(0).sequence(), 1U);
  answer.Clear();
  ASSERT_TRUE(count(1, 12, &answer).ok());
  EXPECT_EQ(answer.repeated(), 1U);
  answer.Clear();
  ASSERT_TRUE(count(3, 5, &answer).ok());
  EXPECT_EQ(answer.left(), 1U);
  EXPECT_EQ(answer.positions(0).sequence(), 1U) << "2 is to come";
  EXPECT_EQ(live_.store().get(shelter_id{"a"})->occupancy, 12U);
  EXPECT_EQ(reason_of(count(0, 5, &answer)), "MISSING_FIELD");
  EXPECT_EQ(reason_of(count(2, 10'001, &answer)), "COUNT_OUT_OF_RANGE");
}

TEST_F(shelter_live, exact_numbers_are_for_roles) {
  api::ReportCountsResponse counted;
  ASSERT_TRUE(count(1, 30, &counted).ok());
  for (auto const* role : {"31/viewer", "31/auditor", "31/shelter_editor"}) {
    sign_in({role});
    api::GetOccupancyHistoryResponse told;
    ASSERT_TRUE(history(&told).ok()) << role;
    ASSERT_EQ(told.points_size(), 1);
    EXPECT_EQ(told.points(0).people(), 30U);
    EXPECT_EQ(told.occupancy(), 30U);
    EXPECT_EQ(told.capacity(), 100U);
    EXPECT_FALSE(told.has_full_time());
  }
  api::GetOccupancyHistoryResponse told;
  sign_in({"31/alarm_proposer", "14/viewer"});
  EXPECT_EQ(reason_of(history(&told)), "ROLE_MISSING");
  token_.clear();
  EXPECT_EQ(reason_of(history(&told)), "SIGN_IN_MISSING");
  EXPECT_EQ(reason_of(count(2, 1, &counted)), "SIGN_IN_MISSING");
  api::Shelter now;
  EXPECT_EQ(reason_of(sign(api::SIGN_KIND_DOOR, "d", true, &now)), "SIGN_IN_MISSING");
}

TEST_F(shelter_live, it_is_told_when_it_will_be_full) {
  for (std::uint64_t i = 0; i < 6; ++i)
    ASSERT_TRUE(live_.store().add_counts({{shelter_id{"a"}, "door", 1, i + 1, 10}},
                                         live_registry::kNow - minutes{5} + minutes{i}));
  api::GetOccupancyHistoryResponse told;
  ASSERT_TRUE(history(&told).ok());
  EXPECT_EQ(told.points_size(), 6);
  ASSERT_TRUE(told.has_full_time());
  EXPECT_EQ(utc_from_proto(told.full_time()), live_registry::kNow + minutes{4}) << "ten a minute, forty places left";
}

TEST_F(shelter_live, three_who_stood_at_a_locked_door_stop_others_from_being_sent) {
  api::Shelter now;
  ASSERT_TRUE(sign(api::SIGN_KIND_PERSON, "p1", false, &now).ok());
  ASSERT_TRUE(sign(api::SIGN_KIND_PERSON, "p2", false, &now).ok());
  EXPECT_FALSE(now.has_confidence_percent());
  ASSERT_TRUE(sign(api::SIGN_KIND_PERSON, "p3", false, &now).ok());
  ASSERT_TRUE(now.has_confidence_percent());
  EXPECT_LT(now.confidence_percent(), kBelievedFromPercent);
  EXPECT_FALSE(takes_people(live_.store().get(shelter_id{"a"}).value()));
  ASSERT_TRUE(sign(api::SIGN_KIND_KEEPER, "keeper", true, &now).ok());
  EXPECT_TRUE(takes_people(live_.store().get(shelter_id{"a"}).value()));
  EXPECT_EQ(reason_of(sign(api::SIGN_KIND_UNSPECIFIED, "p", true, &now)), "MISSING_FIELD");
  EXPECT_EQ(reason_of(sign(api::SIGN_KIND_DOOR, "", true, &now)), "MISSING_FIELD");
}

TEST_F(shelter_live, the_history_lies_in_partitions_of_a_day) {
  auto const day = [](int days) { return utc_time{hours{24 * (365 * 57 + days)}}; };  // far from what upkeep made
  ASSERT_TRUE(live_.store().keep_history(day(0), 31));
  auto const two = partitions();
  ASSERT_TRUE(live_.store().keep_history(day(0), 31)) << "again is harmless";
  EXPECT_EQ(partitions(), two);
  ASSERT_TRUE(live_.store().add_counts({{shelter_id{"a"}, "door", 1, 1, 10}}, day(0) + hours{3}));
  ASSERT_TRUE(live_.store().add_counts({{shelter_id{"a"}, "door", 1, 2, 10}}, day(9)));
  EXPECT_EQ(live_.store().history(shelter_id{"a"}, day(0), 10)->points.size(), 2U);
  ASSERT_TRUE(live_.store().keep_history(day(9), 31)) << "a day that came before its partition stays in the rest";
  ASSERT_TRUE(live_.store().keep_history(day(40), 31));
  EXPECT_EQ(live_.store().history(shelter_id{"a"}, day(0), 10)->points.size(), 1U) << "a month is kept";
}

}  // namespace
}  // namespace siren
