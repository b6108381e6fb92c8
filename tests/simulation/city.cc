#include "simulation/city.h"

#include "simulation/checks.h"

namespace siren::simulation {
namespace {

constexpr milliseconds kFaults{60'000};
/// Healing takes at most: a stream whose heartbeats all come late is left after 25 s, a half-open one after 12.5 s, the
/// next try comes within 8 s, then two more.
constexpr milliseconds kCalm{60'000};
constexpr milliseconds kCopies{7'000};

}  // namespace

city::city(std::uint64_t seed, behaviours const& d)
    : stage{seed}, does{d}, net{stage}, log{stage, does.writers_are_fenced}, bus{stage, net} {
  for (auto const* name : {"31", "77", "left", "right"}) zones.emplace_back(name);
  for (auto const& zone : zones) sky_now[zone] = {};
  for (auto const& zone : zones) sky_before[zone] = {{stage.now(), {}}};
  for (std::size_t i = 0; i < kEngines; ++i)
    engines.push_back(std::make_unique<engine_model>(engine_model::ground{stage, net, log, bus, does, sky_now}, i));
  for (std::size_t i = 0; i < kGateways; ++i)
    gateways.push_back(std::make_unique<gateway_model>(gateway_model::ground{stage, net, log, bus, does}, i));
  for (std::size_t i = 0; i < kPhones; ++i)
    phones.push_back(std::make_unique<phone_model>(phone_model::ground{stage, net, gateways, does}, i, some_zones()));
  // Each run has its own few kinds of trouble, so that rare ones meet often in some.
  for (auto const& kind : fault_kinds())
    if (stage.random.chance(350)) chosen_.push_back(kind);
}

std::optional<std::string> city::run() {
  checks watch{*this};
  for (auto const& zone : zones) tell_engines(zone);
  for (auto const& one : engines) one->start();
  for (auto const& one : gateways) one->start();
  for (auto const& one : phones) one->start();
  change_sky();
  strike_sometimes();
  std::function<void()> copy = [&] {
    log.copy();
    stage.after(kCopies, copy);
  };
  copy();
  std::function<void()> look = [&] { stage.after(milliseconds{100}, look); };
  look();

  auto const watched_until = [&](steady_time end) -> std::optional<std::string> {
    while (stage.step(end)) {
      ++steps;
      if (auto broken = watch.after_step()) return broken;
    }
    return std::nullopt;
  };
  if (auto broken = watched_until(stage.now() + kFaults)) return broken;
  heal();
  if (auto broken = watched_until(stage.now() + kCalm)) return broken;
  paths_ = {watch.both_paths, watch.log_path_alone, watch.bus_path_alone};
  times_current_ = watch.times_current;
  times_unknown_ = watch.times_unknown;
  return watch.at_rest();
}

void city::change_sky() {
  auto const& zone = zones[stage.random.pick(zones.size())];
  auto& now = sky_now[zone];
  if (stage.random.chance(500))
    now.official = !now.official;
  else
    now.analysis = static_cast<siren::stage>(1 + stage.random.pick(4));
  sky_before[zone].emplace_back(stage.now(), now);
  stage.tell("sky: zone ", zone.value, " is in ", static_cast<int>(now.level()));
  tell_engines(zone);
  // A quiet sky ends the run: what is true must then be on every screen.
  if (!quiet_)
    stage.after(stage.random.between(100, stage.random.chance(700) ? 1'500 : 12'000), [this] { change_sky(); });
}

void city::tell_engines(zone_id const& zone) {
  for (auto const& one : engines)
    stage.after(stage.random.between(20, 200), [this, engine = one.get(), zone] { engine->see(zone, sky_now[zone]); });
}

std::vector<zone_id> city::some_zones() {
  std::vector<zone_id> some;
  for (auto const& zone : zones)
    if (stage.random.chance(500)) some.push_back(zone);
  if (some.empty()) some.push_back(zones[stage.random.pick(zones.size())]);
  return some;
}

exercised city::counts() const {
  exercised all;
  for (auto const& [name, times] : struck_) all["fault: " + name] = times;
  all["steps"] = steps;
  all["log: entries"] = log.commits;
  all["log: new epochs"] = log.renewals;
  all["bus: messages said"] = bus.said;
  all["bus: messages lost"] = bus.lost;
  for (auto const& one : engines) {
    all["engine: terms"] += one->terms;
    all["engine: deposed"] += one->deposed;
    all["engine: commits in doubt or refused"] += one->doubtful;
    all["engine: provisional alerts said"] += one->provisional_said;
    all["engine: alerts merged from a journal"] += one->journal_merged;
  }
  for (auto const& one : gateways) {
    all["gateway: snapshots"] += one->snapshots;
    all["gateway: continuations"] += one->continuations;
    all["gateway: gaps repaired"] += one->gaps;
    all["gateway: log seen to go back"] += one->went_back;
    all["gateway: bus found deaf"] += one->deaf;
    all["gateway: slow phones closed"] += one->slow_closed;
    all["gateway: phones sent elsewhere"] += one->sent_elsewhere;
  }
  for (auto const& one : phones) {
    all["phone: alarms"] += one->alarms;
    all["phone: provisional alarms"] += one->provisional;
    all["phone: merged without a second alarm"] += one->merged;
    all["phone: resumed by cursor"] += one->resumed;
    all["phone: broken streams"] += one->breaks;
    all["phone: older snapshots refused"] += one->refused_older;
    all["phone: left to resume"] += one->holes_found;
    all["phone: epochs changed"] += one->epochs;
  }
  all["looks while both paths work"] = paths_[0];
  all["looks while the log's path alone works"] = paths_[1];
  all["looks while the bus' path alone works"] = paths_[2];
  all["looks at a current phone"] = times_current_;
  all["looks at a phone that shows UNKNOWN"] = times_unknown_;
  return all;
}

}  // namespace siren::simulation
