// What the console's page is told, and to whom: by the role in the call's token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/access/access_options.h"
#include "common/access/local_issuer.h"
#include "common/rpc_server.h"
#include "fakes/memory_alert_log.h"
#include "fakes/memory_picture_log.h"
#include "operator_console/handlers.h"
#include "operator_console/page_methods.h"
#include "rig/child_process.h"
#include "rig/private_servers.h"

namespace siren {
namespace {

using ::testing::ElementsAre;

class nobody final : public shelter_list {
 public:
  result<changes> news() override { return changes{}; }
};

/// A chain of its own, each row hashed over the one before.
class memory_record final : public audit_reader {
 public:
  explicit memory_record(std::uint64_t count) {
    std::string before;
    for (std::uint64_t place = 1; place <= count; ++place) {
      audit_row row;
      row.place = place;
      row.acted_us = static_cast<std::int64_t>(place) * 1'000'000;
      row.actor = "olena";
      row.act = "propose";
      row.subject = "31";
      row.hash = hash_after(before, row);
      before = row.hash;
      rows.push_back(row);
    }
  }
  result<std::vector<head>> heads() override {
    return std::vector<head>{{"orders", rows.size(), rows.empty() ? "" : rows.back().hash}};
  }
  result<std::vector<row_with_alert>> rows_after(std::string const&, std::uint64_t place,
                                                 std::size_t at_most) override {
    std::vector<row_with_alert> found;
    for (auto const& row : rows)
      if (row.place > place && found.size() < at_most) found.push_back({row, false, ""});
    return found;
  }
  std::vector<audit_row> rows;
};

class console_calls : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = make_run_folder("test");
    auto issuer = local_issuer::open(world::exercise, folder_ + "/issuer");
    ASSERT_TRUE(issuer);
    issuer_.emplace(std::move(*issuer));
    auto guard = open_guard(issuer_->options(), world::exercise);
    ASSERT_TRUE(guard);
    guard_ = std::move(*guard);
    ASSERT_TRUE(log_.beat(picture_state::live));
    view_.emplace(picture_view::parts{picture_, log_, gateways_, shelters_, clock_, &moments_, milliseconds{5}});
    handlers_.emplace(
        console_handlers::parts{*guard_, {zone_id{"31"}, zone_id{"14"}}, *view_, moments_, record_, most_watchers_});
    auto door = rpc_server::start("unix:" + folder_ + "/door", rpc_exposure::internal, {&*handlers_});
    ASSERT_TRUE(door) << door.error().message;
    door_ = std::move(*door);
    stub_ = console::v1::ConsoleService::NewStub(internal_channel(door_->address()));
  }
  void TearDown() override {
    handlers_->stop();
    door_->stop(milliseconds{0});
    remove_run_folder(folder_);
  }
  std::unique_ptr<grpc::ClientContext> call(std::vector<std::string> const& roles) {
    auto made = std::make_unique<grpc::ClientContext>();
    made->set_deadline(std::chrono::system_clock::now() + seconds{20});
    if (!roles.empty()) carry_token(*made, issuer_->token({"olena", roles}, wall_now()));
    return made;
  }
  grpc::Status list(std::vector<std::string> const& roles, console::v1::ListRecordRequest const& asked) {
    answer_.Clear();
    return stub_->ListRecord(call(roles).get(), asked, &answer_);
  }
  std::vector<std::uint64_t> places() {
    std::vector<std::uint64_t> all;
    for (auto const& row : answer_.rows()) all.push_back(row.place());
    return all;
  }
  grpc::Status watch_once(std::vector<std::string> const& roles) {
    auto const context = call(roles);
    auto const stream = stub_->WatchPicture(context.get(), {});
    console::v1::WatchPictureResponse first;
    if (!stream->Read(&first)) return stream->Finish();
    context->TryCancel();
    (void)stream->Finish();
    return grpc::Status::OK;
  }

  class real final : public world_clock {
   public:
    [[nodiscard]] utc_time now() const override { return utc_time{hours{24 * 365 * 56}}; }
  };
  std::string folder_;
  std::optional<local_issuer> issuer_;
  std::unique_ptr<access_guard> guard_;
  memory_picture_store store_;
  memory_picture_log_reader picture_{store_};
  memory_alert_log log_;
  std::vector<std::unique_ptr<delivery_source>> gateways_;
  nobody shelters_;
  real clock_;
  moment_book moments_{{zone_id{"31"}}};
  memory_record record_{250};
  int most_watchers_ = 8;
  std::optional<picture_view> view_;
  std::optional<console_handlers> handlers_;
  std::unique_ptr<rpc_server> door_;
  std::unique_ptr<console::v1::ConsoleService::Stub> stub_;
  console::v1::ListRecordResponse answer_;
};

TEST_F(console_calls, whoever_has_a_role_here_may_look_and_nobody_else) {
  for (auto const* role : {"31/viewer", "31/shelter_editor", "14/alarm_proposer", "31/alarm_approver", "31/auditor"})
    EXPECT_TRUE(watch_once({role}).ok()) << role;
  EXPECT_EQ(reason_of(watch_once({})), "SIGN_IN_MISSING");
  EXPECT_EQ(reason_of(watch_once({"32/viewer"})), "ROLE_MISSING") << "of another city";
  console::v1::ListMomentsResponse moments;
  EXPECT_EQ(reason_of(stub_->ListMoments(call({}).get(), {}, &moments)), "SIGN_IN_MISSING");
  console::v1::GetMomentResponse moment;
  EXPECT_EQ(reason_of(stub_->GetMoment(call({}).get(), {}, &moment)), "SIGN_IN_MISSING");
}

TEST_F(console_calls, watchers_are_limited_and_room_comes_back) {
  std::vector<std::unique_ptr<grpc::ClientContext>> calls;
  std::vector<std::unique_ptr<grpc::ClientReader<console::v1::WatchPictureResponse>>> streams;
  console::v1::WatchPictureResponse any;
  for (auto i = 0; i < most_watchers_; ++i) {
    calls.push_back(call({"31/viewer"}));
    streams.push_back(stub_->WatchPicture(calls.back().get(), {}));
    ASSERT_TRUE(streams.back()->Read(&any));
  }
  EXPECT_EQ(reason_of(watch_once({"31/viewer"})), "TOO_MANY_STREAMS");
  calls.front()->TryCancel();
  EXPECT_TRUE(wait_until([&] { return watch_once({"31/viewer"}).ok(); }, seconds{20}));
  for (auto& each : calls) each->TryCancel();
  for (auto& each : streams) (void)each->Finish();
}

TEST_F(console_calls, the_record_is_for_viewers_and_auditors) {
  console::v1::ListRecordRequest asked;
  asked.set_chain("orders");
  EXPECT_TRUE(list({"31/auditor"}, asked).ok());
  EXPECT_TRUE(list({"31/viewer"}, asked).ok());
  EXPECT_EQ(reason_of(list({"31/shelter_editor"}, asked)), "ROLE_MISSING");
}

TEST_F(console_calls, the_record_comes_in_pages_newest_first_down_to_the_first_row) {
  console::v1::ListRecordRequest asked;
  asked.set_chain("orders");
  ASSERT_TRUE(list({"31/auditor"}, asked).ok());
  EXPECT_EQ(answer_.rows_size(), 100);
  EXPECT_EQ(answer_.rows(0).place(), 250U);
  EXPECT_EQ(answer_.head_place(), 250U);
  EXPECT_EQ(answer_.head_hash(), answer_.rows(0).hash());
  for (auto const& row : answer_.rows()) EXPECT_TRUE(row.linked()) << row.place();
  asked.set_page_size(2);
  asked.set_before_place(151);
  ASSERT_TRUE(list({"31/auditor"}, asked).ok());
  EXPECT_THAT(places(), ElementsAre(150, 149));
  asked.set_before_place(3);
  ASSERT_TRUE(list({"31/auditor"}, asked).ok());
  EXPECT_THAT(places(), ElementsAre(2, 1));
  EXPECT_TRUE(answer_.rows(1).linked()) << "the first follows from nothing";
  asked.set_before_place(1);
  ASSERT_TRUE(list({"31/auditor"}, asked).ok());
  EXPECT_EQ(answer_.rows_size(), 0);
  asked.set_chain("unheard");
  ASSERT_TRUE(list({"31/auditor"}, asked).ok());
  EXPECT_EQ(answer_.head_place(), 0U);
}

TEST_F(console_calls, a_changed_row_is_seen) {
  record_.rows[247].detail = "changed later";
  console::v1::ListRecordRequest asked;
  asked.set_chain("orders");
  asked.set_page_size(5);
  ASSERT_TRUE(list({"31/auditor"}, asked).ok());
  std::vector<bool> linked;
  for (auto const& row : answer_.rows()) linked.push_back(row.linked());
  EXPECT_THAT(linked, ElementsAre(true, true, false, true, true));
}

// What a service would tell anybody is not let through: shelters' exact counts come with the picture, to roles.
TEST(console_methods, nothing_unguarded_is_listed) {
  auto const listed = page_methods({});
  EXPECT_FALSE(listed.contains("/siren.shelters.v1.ShelterService/ListShelters"));
  EXPECT_FALSE(listed.contains("/siren.shelters.v1.ShelterService/GetShelter"));
  EXPECT_FALSE(listed.contains("/siren.threats.v1.ThreatFeedService/StreamThreats"));
  EXPECT_FALSE(listed.contains("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"));
  EXPECT_TRUE(listed.at("/siren.console.v1.ConsoleService/WatchPicture").streams);
}

}  // namespace
}  // namespace siren
