// Promise "position is not kept": a place planted in streams is looked for everywhere that outlives them.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "client/phone_client.h"
#include "integration/attacked_city.h"
#include "rig/http_get.h"

namespace siren {
namespace {

namespace fs = std::filesystem;

// Digits that no generated street, shelter or zone has.
constexpr double kLat = 50.4512343217;
constexpr double kLon = 30.5298765431;
constexpr std::array kTraces{"50.45123", "30.52987", "5045123432", "3052987654", "504512343", "305298765"};

struct quiet_phone final : client::phone_listener {
  void on_snapshot(alerts::v1::Snapshot const&) override { ++heard; }
  void on_alert(alerts::v1::LoggedAlert const&) override { ++heard; }
  void on_provisional(alerts::v1::ProvisionalAlert const&) override { ++heard; }
  void on_merged(alerts::v1::LoggedAlert const&) override { ++heard; }
  void on_guidance(routing::v1::Guidance const&) override { ++guided; }
  void on_state(bool) override {}
  std::atomic<int> heard{0};
  std::atomic<int> guided{0};
};

void expect_no_trace(std::string const& where, std::string const& text) {
  for (auto const* trace : kTraces) EXPECT_EQ(text.find(trace), std::string::npos) << trace << " stands in " << where;
  // As raw doubles too.
  for (auto const number : {kLat, kLon}) {
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    EXPECT_EQ(text.find(bytes), std::string::npos) << "raw bytes of a coordinate stand in " << where;
  }
}

std::string contents(fs::path const& file) {
  std::ifstream in{file, std::ios::binary};
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

TEST_F(attacked_city, position_is_not_kept_anywhere) {
  quiet_phone listener;
  client::phone_options wanted;
  wanted.gateways = {siren_->address("alert_gateway")};
  wanted.serves = world::exercise;
  wanted.position = lat_lon{degrees{kLat}, degrees{kLon}};
  client::phone_client phone{wanted, listener, std::make_shared<client::timers>()};
  phone.start();
  begin_raid();
  ASSERT_TRUE(wait_until([&] { return listener.guided > 0; }, seconds{90}));
  phone.update_position({degrees{kLat}, degrees{kLon}});

  for (auto const* service :
       {"threat_ingest", "zone_engine", "shelter_registry", "route_planner", "alert_gateway", "operator_console"})
    expect_no_trace(std::string{"metrics of "} + service, http_get(siren_->metrics_address(service), "/metrics"));
  phone.stop();
  player_->stop();
  siren_->service("alert_gateway").stop(seconds{6});

  auto dump = child_process::start(
      {{"/usr/bin/env", "bash", "-c",
        "exec $(ls -d /usr/lib/postgresql/*/bin | tail -1)/pg_dump --inserts -d '" + siren_->postgres().dsn() + "'"},
       folder_ + "/dump.sql",
       ""});
  ASSERT_TRUE(dump.ok());
  ASSERT_EQ((*dump)->wait_for_exit(seconds{60}), 0);
  ASSERT_GT(fs::file_size(folder_ + "/dump.sql"), 100'000U);
  auto keys = child_process::start(
      {{"/usr/bin/redis-cli", "-s", folder_ + "/redis.sock", "DBSIZE"}, folder_ + "/redis-keys.txt", ""});
  ASSERT_TRUE(keys.ok());
  ASSERT_EQ((*keys)->wait_for_exit(seconds{10}), 0);
  EXPECT_EQ(contents(folder_ + "/redis-keys.txt"), "0\n") << "nothing is stored in Redis, it only passes messages";

  for (auto const& entry : fs::recursive_directory_iterator{folder_, fs::directory_options::skip_permission_denied})
    if (entry.is_regular_file()) expect_no_trace(entry.path().string(), contents(entry.path()));
}

}  // namespace
}  // namespace siren
