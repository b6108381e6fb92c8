#include "operators_bench/duty_room.h"

#include <algorithm>

#include "common/clock.h"

namespace siren::operators {
namespace {

constexpr auto kBegins = "2026-01-23T18:00:00Z";

}  // namespace

result<std::unique_ptr<duty_room>> duty_room::start(bench_options const& options) {
  std::unique_ptr<duty_room> made{new duty_room};
  auto city = load_city_bundle(options.city);
  if (!city) return city.error();
  made->city_ = std::make_unique<city_bundle>(std::move(city).value());
  auto zones = zone_map::build(made->city_->zones);
  if (!zones) return zones.error();
  made->zones_ = std::make_unique<zone_map>(std::move(zones).value());
  made->folder_ = make_run_folder("duty");
  auto issuer = local_issuer::open(world::exercise, made->folder_ + "/issuer");
  if (!issuer) return issuer.error();
  made->issuer_.emplace(std::move(issuer).value());
  auto const believed = made->issuer_->options();
  instance_options wanted;
  wanted.folder = made->folder_;
  wanted.programs = options.programs;
  wanted.migrations = options.migrations;
  wanted.city = options.city;
  wanted.clock = {*parse_utc(kBegins), wall_now(), 1.0, true};
  wanted.more["alert_gateway"] = {"--heartbeat-ms", "1000"};
  wanted.more["zone_engine"] = {"--access-issuer", believed.issuer, "--access-audience",  believed.audience,
                                "--access-jwks",   believed.jwks,   "--access-algorithm", believed.algorithm};
  auto siren = instance::start(wanted, [](std::string const&) {});
  if (!siren) return siren.error();
  made->siren_ = std::move(siren).value();
  made->store_ = std::make_unique<pg_store>(made->siren_->postgres().dsn());
  return made;
}

duty_room::~duty_room() {
  store_.reset();
  siren_.reset();
  remove_run_folder(folder_);
}

std::vector<zone_id> duty_room::leaves() const {
  std::vector<zone_id> inside;
  for (auto const& leaf : zones_->leaves()) {
    auto const& up = zones_->ancestors(leaf);
    if (std::find(up.begin(), up.end(), city_->info.city_zone) != up.end()) inside.push_back(leaf);
  }
  return inside;
}

std::string duty_room::token(std::string const& person, std::string const& role, seconds ago) const {
  return issuer_->token({person, {city_->info.city_zone.value + "/" + role}}, wall_now() - ago);
}

result<std::int64_t> duty_room::number(std::string const& sql) {
  std::int64_t found = 0;
  auto const done = store_->transact([&](pqxx::work& work) -> result<void> {
    found = work.exec1(sql)[0].as<std::int64_t>();
    return {};
  });
  if (!done) return done.error();
  return found;
}

}  // namespace siren::operators
