// Who may raise and clear alarms: over real gRPC, with tokens of the local issuer.
#include "common/access/local_issuer.h"
#include "common/clock.h"
#include "services/bundle_folder.h"
#include "services/zone_world.h"

namespace siren::test {
namespace {

using zones::v1::STAGE_GO;

class zone_access : public zone_engine {
 protected:
  zone_access() { config_.sign_in = issuer_.options(); }

  [[nodiscard]] std::string token_of(std::string const& name, std::vector<std::string> const& roles,
                                     seconds issued_ago = seconds{0}) const {
    return issuer_.token({name, roles}, wall_now() - issued_ago);
  }
  void sign_in(std::string const& token) {
    token_ = token;
    operator_ = "";
  }
  void expect_denied(grpc::Status const& status, std::string const& why) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << status.error_message();
    EXPECT_EQ(reason_of(status), why);
  }

  temporary_folder folder_;
  local_issuer issuer_ = local_issuer::open(world::exercise, folder_.path() / "issuer").value();
};

TEST_F(zone_access, a_drill_is_raised_by_its_leader_and_nobody_else) {
  start_engine();
  expect_denied(raise("r1", "west", STAGE_GO).status, "SIGN_IN_MISSING");
  sign_in("not.a.token");
  expect_denied(raise("r1", "west", STAGE_GO).status, "TOKEN_REFUSED");
  sign_in(token_of("olena", {"oblast/exercise_leader"}, hours{2}));
  expect_denied(raise("r1", "west", STAGE_GO).status, "TOKEN_EXPIRED");
  for (auto const* role : {"oblast/alarm_proposer", "oblast/viewer", "oblast/auditor", "east/exercise_leader"}) {
    sign_in(token_of("olena", {role}));
    expect_denied(raise("r1", "west", STAGE_GO).status, "ROLE_MISSING");
  }
  sign_in(token_of("olena", {"oblast/exercise_leader"}));
  expect_denied(raise("r1", "atlantis", STAGE_GO).status, "ROLE_MISSING");
  operator_ = "bohdan";
  expect_denied(raise("r1", "west", STAGE_GO).status, "ANOTHER_PERSON");
  EXPECT_TRUE(logged().empty());
  operator_ = "";
  EXPECT_TRUE(raise("r1", "west", STAGE_GO).status.ok());
  EXPECT_EQ(logged_of("west").size(), 1U);
  EXPECT_EQ(one_text("SELECT operator_name FROM operator_order"), "olena") << "the token says who";
  sign_in(token_of("olena", {"oblast/viewer"}));
  expect_denied(clear("c1", "west").status, "ROLE_MISSING");
  sign_in(token_of("olena", {"west/alarm_approver"}));
  EXPECT_TRUE(clear("c1", "west").status.ok());
}

// The live world without sign-in would have let everybody on the network raise an alarm.
TEST_F(zone_access, the_live_worlds_doors_stay_shut_without_sign_in) {
  make_database(world::live);
  config_.sign_in = {};
  start_engine();
  expect_denied(raise("r1", "west", STAGE_GO).status, "SIGN_IN_MISSING");
  expect_denied(clear("r1", "west").status, "SIGN_IN_MISSING");
  sign_in(token_of("olena", {"west/exercise_leader", "west/alarm_approver"}));
  expect_denied(raise("r1", "west", STAGE_GO).status, "SIGN_IN_MISSING");
  EXPECT_TRUE(logged().empty());
}

TEST_F(zone_access, the_live_world_does_not_take_the_local_issuer) {
  config_.common.serves = world::live;
  config_.common.listen = "127.0.0.1:0";
  config_.common.postgres = config_.common.redis = config_.city = config_.journal = "x";
  EXPECT_EQ(verify(config_).error().why, reason::wrong_mode);
  config_.sign_in.issuer = "https://id.example";
  EXPECT_TRUE(verify(config_).ok());
  config_.sign_in.jwks.clear();
  EXPECT_EQ(verify(config_).error().why, reason::missing_field);
}

}  // namespace
}  // namespace siren::test
