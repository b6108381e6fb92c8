#include "fault_rig/house.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include "common/rpc_server.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace siren::faults {
namespace {

constexpr double kRate = 180.0;  // world seconds a second: the night of fifteen hours in five minutes
constexpr hours kNight{15};
constexpr auto kBegins = "2026-01-23T16:00:00Z";
constexpr milliseconds kConnectWithin{60'000};
constexpr milliseconds kFirstAlerts{60'000};
constexpr milliseconds kSettleWithin{60'000};
constexpr milliseconds kHandOverWithin{15'000};
constexpr std::array kEngines{"zone_engine", "zone_engine_2"};
constexpr milliseconds kHealthWait{300};
constexpr std::array kClocks{"zone_engine", "threat_ingest", "alert_gateway"};

bool serving(std::string const& address) {
  auto const stub = grpc::health::v1::Health::NewStub(internal_channel(address));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kHealthWait);
  grpc::health::v1::HealthCheckResponse answer;
  return stub->Check(&context, {}, &answer).ok() && answer.status() == grpc::health::v1::HealthCheckResponse::SERVING;
}

std::string clock_file(std::string const& folder, std::string const& service) {
  return folder + "/clock-" + service;
}

}  // namespace

result<std::unique_ptr<house>> house::start(house_options options) {
  std::unique_ptr<house> made{new house{std::move(options)}};
  made->folder_ = make_run_folder("faults");
  if (auto up = made->start_parts(); !up) return up.error();
  if (auto up = made->attack(); !up) return up.error();
  return made;
}

house::~house() {
  if (player_) player_->stop();
  if (triggers_) triggers_->stop();
  phones_.reset();
  watch_.reset();
  siren_.reset();
  redis_.reset();
  postgres_.reset();
  if (!options_.logs.empty()) keep_logs();
  remove_run_folder(folder_);
}

void house::keep_logs() const {
  namespace fs = std::filesystem;
  std::error_code missing;
  fs::create_directories(options_.logs, missing);
  auto const keep = [&](std::string const& from, std::string const& of) {
    for (auto const& file : fs::directory_iterator{from, missing})
      if (file.path().extension() == ".log")
        fs::copy_file(file.path(), options_.logs + "/" + of + file.path().filename().string(),
                      fs::copy_options::overwrite_existing, missing);
  };
  keep(folder_, "");
  keep(options_.small_disk.empty() ? folder_ + "/pg-1" : options_.small_disk, "primary-");
  keep(folder_ + "/pg-2", "standby-");
}

result<void> house::start_parts() {
  auto city = load_city_bundle(options_.city);
  if (!city) return city.error();
  city_ = std::make_unique<city_bundle>(std::move(city).value());
  auto zones = zone_map::build(city_->zones);
  if (!zones) return zones.error();
  zones_ = std::make_unique<zone_map>(std::move(zones).value());
  auto redis = redis_family::start(folder_);
  if (!redis) return redis.error();
  redis_ = std::move(redis).value();
  auto postgres = postgres_pair::start(folder_, options_.small_disk);
  if (!postgres) return postgres.error();
  postgres_ = std::move(postgres).value();
  auto const plan = plan_of_instance();
  clock_ = std::make_unique<real_world_clock>(plan.clock);
  auto siren = instance::start(plan, [](std::string const&) {});
  if (!siren) return siren.error();
  siren_ = std::move(siren).value();
  watch_ = std::make_unique<head_watch>(postgres_->dsn());
  return {};
}

instance_options house::plan_of_instance() {
  instance_options plan;
  plan.folder = folder_;
  plan.programs = options_.programs;
  plan.migrations = options_.migrations;
  plan.city = options_.city;
  plan.country = city_->info.country;
  plan.clock = {*parse_utc(kBegins), wall_now(), kRate, true};
  plan.copies = {{"alert_gateway", 2}, {"zone_engine", 2}};
  plan.stores = outside_stores{postgres_->dsn(), redis_->flags()};
  plan.more["alert_gateway"] = {"--heartbeat-ms", "1000"};
  plan.more["threat_ingest"] = {"--any-source", "--source", std::string{attack::kTrustedSensor} + ":trusted"};
  for (std::string const service : kClocks) {
    auto const file = clock_file(folder_, service);
    std::int64_t const right = 0;
    std::ofstream{file, std::ios::binary}.write(reinterpret_cast<char const*>(&right), sizeof right);
    plan.more[service].insert(plan.more[service].end(), {"--clock-offset-file", file});
  }
  if (!options_.small_journal.empty())
    std::filesystem::create_directory_symlink(options_.small_journal, folder_ + "/zone_engine-journal");
  return plan;
}

void house::set_clock(std::string const& service, seconds wrong_by) {
  std::int64_t const value = wrong_by.count();
  std::fstream file{clock_file(folder_, service), std::ios::in | std::ios::out | std::ios::binary};
  file.write(reinterpret_cast<char const*>(&value), sizeof value);
}

result<void> house::attack() {
  auto const groups = attack::read_raid_table(options_.raid);
  if (!groups) return groups.error();
  auto const truth = attack::make_raid(*groups, clock_->now(), kNight, options_.seed, city_->info.centre);
  play_ = attack::make_timeline(truth, attack::sensors_around(city_->info.centre), *zones_, options_.seed);
  triggered_ = quiet_raion();
  phones_ = std::make_unique<phones>(
      std::vector<std::string>{siren_->address("alert_gateway"), siren_->address("alert_gateway_2")}, world::exercise,
      plan_of_phones());
  if (!phones_->wait_connected(kConnectWithin)) return failure{reason::not_ready, "not every phone could connect"};
  player_ = std::make_unique<attack::player>(siren_->address("threat_ingest"), play_, *clock_);
  triggers_ =
      std::make_unique<triggers>(triggers::plan{siren_->address("threat_ingest"),
                                                {siren_->address("zone_engine"), siren_->address("zone_engine_2")},
                                                triggered_,
                                                zones_->leaves().front()},
                                 *clock_);
  if (!well_again(kFirstAlerts)) return failure{reason::not_ready, "not every phone became current"};
  if (!more_delivered(phones_->count() * 2, kFirstAlerts)) return failure{reason::not_ready, "no alert reached phones"};
  return {};
}

/// Where the raid's own channels declare least, so that each of our alarms is news.
zone_id house::quiet_raion() const {
  std::map<zone_id, std::size_t> words;
  for (auto const& zone : zones_->all())
    if (zone.kind == zone_kind::raion) words[zone.id] = 0;
  for (auto const& record : play_.records)
    if (record.record.has_region_alarm()) {
      auto const found = words.find(zone_id{record.record.region_alarm().region_id()});
      if (found != words.end()) ++found->second;
    }
  return std::min_element(words.begin(), words.end(), [](auto const& a, auto const& b) { return a.second < b.second; })
      ->first;
}

/// At the city's shelters, so that every one of its zones has some; all watch the raion of our triggers.
std::vector<phone_plan> house::plan_of_phones() const {
  std::vector<phone_plan> plans;
  for (std::size_t i = 0; i < options_.phones; ++i)
    plans.push_back({city_->shelters[i * 7 % city_->shelters.size()].place, {triggered_, zones_->leaves().front()}});
  return plans;
}

std::string house::leader() const {
  for (auto const* name : kEngines)
    if (serving(siren_->address(name))) return name;
  return {};
}

bool house::more_delivered(std::uint64_t count, milliseconds at_most) {
  auto const before = phones_->delivered();
  return wait_until([&] { return phones_->delivered() >= before + count; }, at_most);
}

void house::revive_engines() {
  for (auto const* name : kEngines)
    if (!siren_->service(name).running()) (void)siren_->start_again(name).ok();
}

bool house::well_again(milliseconds at_most) {
  return wait_until(
      [&] {
        revive_engines();
        return phones_->connected() == phones_->count() && phones_->current() == phones_->count();
      },
      at_most);
}

result<whole_log> house::read_log() const {
  whole_log log;
  try {
    pqxx::connection connection{postgres_->current().dsn()};
    pqxx::work work{connection};
    auto const head = work.exec1("SELECT epoch, seq FROM alert_head");
    log.head = {head[0].as<std::uint64_t>(), head[1].as<std::uint64_t>()};
    for (auto const& row : work.exec("SELECT epoch, seq, zone_id, alert_id, rev, (extract(epoch FROM logged_at) * "
                                     "1000000)::bigint FROM alert_log ORDER BY seq"))
      log.rows.push_back({{row[0].as<std::uint64_t>(), row[1].as<std::uint64_t>()},
                          zone_id{row[2].as<std::string>()},
                          alert_id{row[3].as<std::string>()},
                          row[4].as<std::uint32_t>(),
                          wall_time{microseconds{row[5].as<std::int64_t>()}}});
  } catch (std::exception const& bad) {
    return failure{reason::store_unavailable, bad.what()};
  }
  return log;
}

/// An order may have been obeyed by an engine that died and then by the next one, so its alert may be another; but its
/// answer is remembered, and the newest one is in force.
std::uint64_t house::lost_of(acknowledged const& told) const {
  auto& store = postgres_->current();
  std::uint64_t lost = 0;
  for (auto const& id : told.alarms)
    lost += static_cast<std::uint64_t>(store.ask("SELECT count(*) FROM region_alarm WHERE source = 'faults_official' "
                                                 "AND native_id = '" +
                                                 id + "'") != "1");
  for (auto const& id : told.orders)
    lost += static_cast<std::uint64_t>(
        store.ask("SELECT count(*) FROM alarm_request WHERE request_id = '" + id + "'") != "1");
  if (told.orders.empty()) return lost;
  auto const in_force = store.ask("SELECT request_id FROM operator_order WHERE operator_name = 'faults'");
  // One that was refused or never answered may be in force after it.
  auto const number = [](std::string const& id) { return std::stoull(id.substr(id.rfind('-') + 1)); };
  if (in_force.empty() || number(in_force) < number(told.orders.back())) ++lost;
  return lost;
}

result<house::outcome> house::end() {
  triggers_->stop();
  player_->stop();
  // Sources that fell silent and holds that ran out may still change alerts: what counts is that phones follow.
  outcome made;
  auto const settled = wait_until(
      [&] {
        auto log = read_log();
        return log.ok() && phones_->wait_for_head(log->head, milliseconds{2'000}) &&
               (made.log = std::move(log).value(), true);
      },
      kSettleWithin);
  phones_->stop();
  if (!settled) return failure{reason::not_ready, "phones did not reach the head of the log"};
  watch_->correct(made.log);
  made.journals = phones_->journals();
  for (auto const& journal : made.journals) made.phones += judge(journal, made.log);
  auto const told = triggers_->so_far();
  made.acknowledged = told.count();
  // What an engine kept in its journal it hands over when it stands by again.
  (void)wait_until(
      [&] {
        revive_engines();
        made.lost = lost_of(told);
        return made.lost == 0;
      },
      kHandOverWithin);
  return made;
}

}  // namespace siren::faults
