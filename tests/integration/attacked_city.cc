#include "integration/attacked_city.h"

#include <filesystem>
#include <fstream>

#include "common/alert_log/alert_log.h"
#include "common/log.h"
#include "common/pg_store.h"
#include "route_planner/adapters/osm_streets.h"

namespace siren {
namespace {

constexpr std::uint64_t kSeed = 5;
constexpr milliseconds kToolWithin{60'000};
constexpr milliseconds kSettleWithin{30'000};

void show_logs(std::string const& folder) {
  for (auto const& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".log" && entry.path().extension() != ".out") continue;
    std::ifstream in{entry.path()};
    for (std::string line; std::getline(in, line);)
      if (line.find("\"error\"") != std::string::npos || line.find("broken:") != std::string::npos)
        std::cerr << entry.path().filename().string() << ": " << line << '\n';
  }
}

}  // namespace

std::string attacked_city::programs() {
  return SIREN_PROGRAMS;
}

void attacked_city::SetUpTestSuite() {
  start_logging("test", "error", "");
  if (!city_folder_.empty()) return;
  city_folder_ = make_run_folder("city") + "/kyiv";
  auto made =
      child_process::start({{programs() + "/siren_city", "generate", "--facts", SIREN_SOURCE_DIR "/deploy/city/kyiv",
                             "--seed", "1", "--scale", "0.2", "--out", city_folder_},
                            city_folder_ + ".out",
                            ""});
  ASSERT_TRUE(made.ok());
  ASSERT_EQ((*made)->wait_for_exit(kToolWithin), 0);
}

void attacked_city::SetUp() {
  auto city = load_city_bundle(city_folder_);
  ASSERT_TRUE(city.ok()) << city.error().message;
  city_ = std::make_unique<city_bundle>(std::move(city).value());
  auto zones = zone_map::build(city_->zones);
  ASSERT_TRUE(zones.ok());
  zones_ = std::make_unique<zone_map>(std::move(zones).value());
  folder_ = make_run_folder("whole");

  instance_options wanted;
  wanted.folder = folder_;
  wanted.programs = programs();
  wanted.migrations = SIREN_SOURCE_DIR "/migrations";
  wanted.city = city_folder_;
  wanted.durable = false;
  wanted.clock = {*parse_utc("2026-01-23T16:00:00Z"), wall_now(), kRate, true};
  wanted.more["alert_gateway"] = {"--heartbeat-ms", "1000"};
  wanted.more["threat_ingest"] = {"--any-source", "--source", std::string{attack::kTrustedSensor} + ":trusted"};
  choose(wanted);
  clock_ = std::make_unique<real_world_clock>(wanted.clock);
  auto siren = instance::start(wanted, [](std::string const&) {});
  ASSERT_TRUE(siren.ok()) << siren.error().message;
  siren_ = std::move(siren).value();
  gateways_ = {siren_->address("alert_gateway")};
  if (wanted.copies["alert_gateway"] == 2) gateways_.push_back(siren_->address("alert_gateway_2"));
}

void attacked_city::TearDown() {
  if (HasFailure() && !folder_.empty()) show_logs(folder_);
  if (player_) player_->stop();
  phones_.reset();
  siren_.reset();
  remove_run_folder(folder_);
}

void attacked_city::connect_phones(std::size_t count) {
  auto const streets = import_osm_streets(city_->streets.string(), true);
  ASSERT_TRUE(streets.ok()) << streets.error().message;
  std::set<shelter_id> closed;
  for (auto const& one : city_->shelters)
    if (one.surface) closed.insert(one.id);
  ASSERT_EQ(closed.size(), 6U) << "six surface stations";
  phones_ = std::make_unique<swarm::swarm>(swarm::swarm_options{
      gateways_, world::exercise, swarm::place_people(streets->streets, *zones_, city_->info.city_zone, count, kSeed),
      closed});
  ASSERT_TRUE(phones_->wait_connected(kSettleWithin));
  ASSERT_EQ(phones_->counts().phones, count);
}

void attacked_city::begin_raid() {
  auto const groups = attack::read_raid_table(SIREN_SOURCE_DIR "/load-tests/attack/night-2026-01-23.csv");
  ASSERT_TRUE(groups.ok());
  auto const truth = attack::make_raid(*groups, clock_->now(), hours{15}, kSeed, city_->info.centre);
  play_ = attack::make_timeline(truth, attack::sensors_around(city_->info.centre), *zones_, kSeed);
  player_ = std::make_unique<attack::player>(siren_->address("threat_ingest"), play_, *clock_);
}

bool attacked_city::delivered_at_least(std::uint64_t count, milliseconds at_most) {
  return wait_until([&] { return delivered() >= count; }, at_most);
}

swarm::logged attacked_city::read_log() {
  pg_store store{siren_->postgres().dsn()};
  auto const reader = make_pg_alert_log_reader(store, "UA");
  auto const head = reader->head();
  EXPECT_TRUE(head.ok());
  swarm::logged all{head->head, {}};
  for (cursor at{head->head.epoch, 0}; at.seq < head->head.seq;) {
    auto const part = reader->read_after(at, 4'096);
    EXPECT_TRUE(part.ok());
    if (!part || part->empty()) break;
    for (auto const& entry : *part) all.by_zone[entry.zone].push_back(entry.seq);
    at.seq = part->back().seq;
  }
  return all;
}

swarm::verdict_on_delivery attacked_city::settle_and_judge() {
  player_->stop();
  auto log = read_log();
  // The engine may still clear zones; what counts is that phones reach the head as read.
  EXPECT_TRUE(phones_->wait_for_head(log.head, kSettleWithin)) << "phones did not reach the log's head";
  log = read_log();
  EXPECT_TRUE(phones_->wait_for_head(log.head, kSettleWithin));
  return phones_->judge(log);
}

}  // namespace siren
