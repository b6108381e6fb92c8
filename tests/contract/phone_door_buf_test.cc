// `buf curl` speaks to the phones' door from the proto files alone: there is no reflection for strangers.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "rig/private_servers.h"
#include "services/gateway_delivery.h"
#include "services/gateway_world.h"

namespace siren {
namespace {

constexpr auto kBuf = "npx --yes --package=@bufbuild/buf@1.47.2 buf";
constexpr milliseconds kInstallWithin{120'000};

class phone_door_buf_test : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = make_run_folder("test");
    auto const there = run(std::string{"command -v npx && "} + kBuf + " --version");
    if (!there || there->wait_for_exit(kInstallWithin) != 0) GTEST_SKIP() << "node, npm or its network is not here";
  }
  void TearDown() override { remove_run_folder(folder_); }

  std::unique_ptr<child_process> run(std::string const& command) const {
    auto started = child_process::start({{"/bin/sh", "-c", command}, folder_ + "/said", ""});
    return started ? std::move(*started) : nullptr;
  }
  std::string said() const {
    std::stringstream all;
    all << std::ifstream{folder_ + "/said"}.rdbuf();
    return all.str();
  }
  std::string curl(gateway const& to, std::string const& method, std::string const& request) const {
    return "cd " SIREN_SOURCE_DIR "/proto && exec timeout 30 " + std::string{kBuf} +
           " curl --schema . --protocol grpc --http2-prior-knowledge -d '" + request + "' http://" +
           to.phones_address() + "/" + method;
  }

  std::string folder_;
  gateway_world world_;
};

TEST_F(phone_door_buf_test, a_question_is_answered) {
  world_.plans.plan_for({{"west shelter", 30.04}});
  auto const g = world_.start();
  ASSERT_TRUE(comes(*g, [](auto const& d) { return d.plan_version() == 1; }));
  auto const asks = run(curl(*g, "siren.routing.v1.GuidanceService/GetGuidance",
                             R"({"position":{"latitudeDeg":50.05,"longitudeDeg":30.05}})"));
  EXPECT_EQ(asks->wait_for_exit(kInstallWithin), 0) << said();
  EXPECT_NE(said().find("west shelter"), std::string::npos) << said();
}

TEST_F(phone_door_buf_test, a_stream_begins_with_a_snapshot_and_goes_on) {
  world_.happen("west", stage::go);
  auto const g = world_.start();
  auto const listens = run(curl(*g, "siren.alerts.v1.AlertService/WatchAlerts",
                                R"({"subscribe":{"world":"WORLD_EXERCISE","watchZoneIds":["west"]}})"));
  EXPECT_TRUE(wait_until([&] { return said().find("\"heartbeat\"") != std::string::npos; }, kInstallWithin)) << said();
  EXPECT_LT(said().find("\"snapshot\""), said().find("\"heartbeat\""));
  world_.publish(world_.happen("west", stage::take_cover));
  EXPECT_TRUE(wait_until([&] { return said().find("STAGE_TAKE_COVER") != std::string::npos; }, kPatience)) << said();
}

TEST_F(phone_door_buf_test, a_refusal_has_its_code) {
  auto const g = world_.start();
  auto const listens = run(curl(*g, "siren.alerts.v1.AlertService/WatchAlerts",
                                R"({"subscribe":{"world":"WORLD_LIVE","watchZoneIds":["west"]}})"));
  EXPECT_NE(listens->wait_for_exit(kInstallWithin), 0);
  EXPECT_NE(said().find("failed_precondition"), std::string::npos) << said();
}

}  // namespace
}  // namespace siren
