// Who may change shelters: over real gRPC, with tokens of the local issuer.
#include <gtest/gtest.h>

#include "common/access/local_issuer.h"
#include "fakes/live_registry.h"
#include "services/bundle_folder.h"

namespace siren {
namespace {

namespace api = shelters::v1;

class registry_access : public ::testing::Test {
 protected:
  registry_access()
      : live_{token_verifier::open(issuer_.options()).value()}, channel_{internal_channel(live_.address())} {}

  void sign_in(std::vector<std::string> const& roles, seconds ago = seconds{0}) {
    token_ = issuer_.token({"olena", roles}, wall_now() - ago);
  }
  grpc::Status update() {
    api::UpdateShelterRequest request;
    request.set_request_id("u1");
    request.set_shelter_id("nowhere");
    request.set_expected_revision(1);
    request.set_verified(true);
    api::UpdateShelterResponse answer;
    return call([&](auto* context) {
      return api::ShelterService::NewStub(channel_)->UpdateShelter(context, request, &answer);
    });
  }
  grpc::Status report() {
    api::ReportOccupancyRequest request;
    request.set_request_id("o1");
    request.set_shelter_id("nowhere");
    request.set_delta(1);
    api::ReportOccupancyResponse answer;
    return call([&](auto* context) {
      return api::ShelterService::NewStub(channel_)->ReportOccupancy(context, request, &answer);
    });
  }
  grpc::Status import() {
    api::ImportSheltersResponse answer;
    return call([&](auto* context) {
      auto const writer = api::ShelterService::NewStub(channel_)->ImportShelters(context, &answer);
      writer->WritesDone();
      return writer->Finish();
    });
  }
  grpc::Status set_ice(std::string const& name) {
    api::SetConditionsRequest request;
    request.set_request_id("c1");
    request.set_operator_name(name);
    request.set_expected_revision(1);
    request.set_ice(true);
    api::SetConditionsResponse answer;
    auto const status = call([&](auto* context) {
      return api::ConditionsService::NewStub(channel_)->SetConditions(context, request, &answer);
    });
    changed_by_ = answer.conditions().changed_by();
    return status;
  }

  test::temporary_folder folder_;
  local_issuer issuer_ = local_issuer::open(world::exercise, folder_.path() / "issuer").value();
  live_registry live_;
  std::shared_ptr<grpc::Channel> channel_;
  std::string token_;
  std::string changed_by_;

 private:
  template <typename Call>
  grpc::Status call(Call const& call) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + seconds{20});
    carry_token(context, token_);
    return call(&context);
  }
};

TEST_F(registry_access, only_the_citys_editors_change_shelters) {
  auto const all_denied = [&](std::string const& why) {
    for (auto const& status : {update(), report(), import(), set_ice("")}) {
      EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << status.error_message();
      EXPECT_EQ(reason_of(status), why);
    }
  };
  all_denied("SIGN_IN_MISSING");
  sign_in({"31/shelter_editor"}, hours{2});
  all_denied("TOKEN_EXPIRED");
  sign_in({"31/viewer", "31/alarm_proposer", "14/shelter_editor"});
  all_denied("ROLE_MISSING");
  sign_in({"31/shelter_editor"});
  EXPECT_EQ(reason_of(update()), "UNKNOWN_SHELTER");
  EXPECT_EQ(reason_of(report()), "UNKNOWN_SHELTER");
  EXPECT_EQ(reason_of(import()), "MISSING_FIELD");
  EXPECT_EQ(reason_of(set_ice("bohdan")), "ANOTHER_PERSON");
  EXPECT_TRUE(set_ice("").ok());
  EXPECT_EQ(changed_by_, "olena");
}

TEST_F(registry_access, services_go_on_reading) {
  api::ListSheltersResponse answer;
  grpc::ClientContext context;
  EXPECT_TRUE(api::ShelterService::NewStub(channel_)->ListShelters(&context, {}, &answer).ok());
}

}  // namespace
}  // namespace siren
