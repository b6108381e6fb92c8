// The promises over real processes while parts of the house fall down in mid-attack.
#include <chrono>
#include <csignal>

#include "integration/attacked_city.h"

namespace siren {
namespace {

constexpr milliseconds kFirstAlerts{60'000};
constexpr milliseconds kMoreAlerts{60'000};
constexpr seconds kBusOutage{30};
constexpr seconds kTwoHeartbeats{2};
constexpr std::size_t kPhones = 200;
constexpr std::size_t kRoutes = 50;

// People would have seen: after a crash of the gateway, a phone that quietly lacks the alerts sent meanwhile.
TEST_F(attacked_city, no_hole_when_the_gateway_is_killed) {
  connect_phones(kPhones);
  begin_raid();
  ASSERT_TRUE(delivered_at_least(kPhones, kFirstAlerts));
  siren_->service("alert_gateway").kill_hard();
  ASSERT_TRUE(siren_->start_again("alert_gateway").ok());
  ASSERT_TRUE(siren_->wait_serving("alert_gateway", seconds{20}).ok());
  ASSERT_TRUE(wait_until(
      [&] { return phones_->counts().reconnects >= kPhones && phones_->counts().connected == kPhones; }, kMoreAlerts));
  auto const after = delivered();
  ASSERT_TRUE(delivered_at_least(after + kPhones, kMoreAlerts));
  auto const told = settle_and_judge();
  EXPECT_EQ(told.missing, 0U);
  EXPECT_EQ(told.out_of_order, 0U);
}

// People would have seen: silence in an attack, because a cache was down.
TEST_F(attacked_city, alerts_arrive_by_the_log_while_redis_is_down) {
  connect_phones(kPhones);
  begin_raid();
  ASSERT_TRUE(delivered_at_least(kPhones, kFirstAlerts));
  siren_->redis().kill_hard();
  auto const began = std::chrono::steady_clock::now();
  auto const before = delivered();
  ASSERT_TRUE(wait_until(
      [&] { return delivered() > before + kPhones && std::chrono::steady_clock::now() - began >= kBusOutage; },
      kMoreAlerts));
  // Between reading the head and the entries up to it, honest heartbeats name a head that phones don't have yet.
  EXPECT_TRUE(wait_until([&] { return phones_->counts().current == kPhones; }, kTwoHeartbeats))
      << "the log path keeps phones current: " << phones_->counts().current << " of " << kPhones;
  ASSERT_TRUE(siren_->redis().start_again().ok());
  auto const after = delivered();
  ASSERT_TRUE(delivered_at_least(after + kPhones, kMoreAlerts));
  auto const told = settle_and_judge();
  EXPECT_EQ(told.missing, 0U);
  EXPECT_EQ(told.out_of_order, 0U);
}

// People would have seen: "all calm" on a screen that nobody feeds any more.
TEST_F(attacked_city, no_false_calm_when_the_log_is_lost) {
  connect_phones(20);
  begin_raid();
  ASSERT_TRUE(wait_until([&] { return phones_->counts().current == 20; }, kFirstAlerts));
  siren_->postgres().kill_hard();
  // 2.5 heartbeats of one second, and the reader's own limit of a few seconds.
  EXPECT_TRUE(wait_until([&] { return phones_->counts().current == 0; }, seconds{10}));
  ASSERT_TRUE(siren_->postgres().start_again().ok());
  EXPECT_TRUE(wait_until([&] { return phones_->counts().current == 20; }, kMoreAlerts));
  EXPECT_EQ(settle_and_judge().missing, 0U);
}

// People would have seen: a calm screen while the process that reads the sensors hangs.
TEST_F(attacked_city, no_false_calm_when_ingest_hangs) {
  connect_phones(20);
  begin_raid();
  ASSERT_TRUE(wait_until([&] { return phones_->counts().current == 20; }, kFirstAlerts));
  siren_->service("threat_ingest").send(SIGSTOP);
  EXPECT_TRUE(wait_until([&] { return phones_->counts().current == 0; }, seconds{15}));
  siren_->service("threat_ingest").send(SIGCONT);
  EXPECT_TRUE(wait_until([&] { return phones_->counts().current == 20; }, kMoreAlerts));
}

TEST_F(attacked_city, a_zone_engine_killed_in_mid_attack_goes_on_where_it_stopped) {
  connect_phones(50);
  begin_raid();
  ASSERT_TRUE(delivered_at_least(50, kFirstAlerts));
  siren_->service("zone_engine").kill_hard();
  ASSERT_TRUE(siren_->start_again("zone_engine").ok());
  ASSERT_TRUE(siren_->wait_serving("zone_engine", seconds{20}).ok());
  auto const after = delivered();
  ASSERT_TRUE(delivered_at_least(after + 50, kMoreAlerts));
  auto const told = settle_and_judge();
  EXPECT_EQ(told.missing, 0U);
  EXPECT_EQ(told.out_of_order, 0U);
}

TEST_F(attacked_city, reachable_open_every_route_is_in_time_and_none_leads_to_a_closed_station) {
  connect_phones(kPhones);
  begin_raid();
  // The small city has room for a part of its people only; the others are honestly told to take cover.
  ASSERT_TRUE(wait_until([&] { return phones_->counts().routes >= kRoutes; }, kMoreAlerts));
  auto const counts = phones_->counts();
  EXPECT_EQ(counts.routes_past_deadline, 0U);
  EXPECT_EQ(counts.closed_stations_used, 0U);
  EXPECT_GT(phones_->delays_so_far().measured, 0U);
}

}  // namespace
}  // namespace siren
