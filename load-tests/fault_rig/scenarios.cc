#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "common/bus.h"
#include "fault_rig/scenario.h"

namespace siren::faults {
namespace {

constexpr milliseconds kWellWithin{60'000};
constexpr milliseconds kSoon{30'000};
constexpr milliseconds kServingWithin{30'000};
constexpr seconds kOutage{60};
constexpr seconds kStandstill{30};
constexpr seconds kBetweenKills{10};
constexpr int kKills = 10;
constexpr seconds kAfterwards{15};  // the attack goes on over what was mended
constexpr seconds kCopyAge{300};
constexpr milliseconds kCurrentWithin{10'000};
constexpr milliseconds kEndsWithin{15'000};
constexpr hours kWrongBy{1};
/// A stopped source of truth must be seen by then: the engine's or ingest's silence of 5 s, 2.5 heartbeats, and half a
/// second for the way.
constexpr milliseconds kUnknownWithin{8'000};

class stopwatch {
 public:
  [[nodiscard]] double seconds_passed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  }
  [[nodiscard]] wall_time began_at() const { return wall_; }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  wall_time wall_ = wall_now();
};

void let_pass(milliseconds time) {
  (void)wait_until([] { return false; }, time);
}

void demand(scenario_row& row, bool kept, std::string const& promise) {
  if (!kept) row.broken.push_back(promise);
}

void demand(scenario_row& row, result<void> const& done) {
  if (!done) row.broken.push_back(done.error().message);
}

/// Until everybody is served again; unset when they are not.
void recover(house& at, scenario_row& row, stopwatch const& since) {
  if (at.well_again(kWellWithin))
    row.recovered_s = std::max(row.recovered_s.value_or(0), since.seconds_passed());
  else
    row.broken.push_back(fmt::format("{} of {} phones are connected and {} current after the fault",
                                     at.people().connected(), at.people().count(), at.people().current()));
}

/// Hears what the engine says on the bus, on whatever primary the Sentinels name.
class ear {
 public:
  explicit ear(redis_family const& at)
      : listener_{listen_redis(at.address(), {"siren:exercise:UA:alert", "siren:exercise:UA:provisional"},
                               {[this](std::string const&, std::string const&) { ++heard_; }, [this] { ++joined_; }})} {
  }
  [[nodiscard]] std::uint64_t heard() const { return heard_; }
  [[nodiscard]] std::uint64_t joined() const { return joined_; }

 private:
  std::atomic<std::uint64_t> heard_{0};
  std::atomic<std::uint64_t> joined_{0};
  std::unique_ptr<bus_listener> listener_;  // last: its thread writes to what is above
};

/// From the fault until an alert is heard on the new primary.
void measure_bus(ear const& at, std::uint64_t joined_before, scenario_row& row, stopwatch const& since) {
  if (!wait_until([&] { return at.joined() > joined_before; }, kSoon)) {
    row.broken.emplace_back("the new primary of Redis was not found");
    return;
  }
  row.detected_s = since.seconds_passed();
  auto const before = at.heard();
  if (wait_until([&] { return at.heard() > before; }, kSoon)) row.recovered_s = since.seconds_passed();
  demand(row, row.recovered_s.has_value(), "nothing is heard on the new primary of Redis");
}

void kill_gateways(house& at, scenario_row& row, promise_limits const&) {
  for (auto i = 0; i < kKills; ++i) {
    auto const name = i % 2 == 0 ? "alert_gateway" : "alert_gateway_2";
    stopwatch const since;
    at.siren().service(name).kill_hard();
    demand(row, at.siren().start_again(name));
    recover(at, row, since);
    auto const left = std::chrono::duration_cast<milliseconds>(kBetweenKills) -
                      milliseconds{static_cast<std::int64_t>(since.seconds_passed() * 1'000)};
    if (left > milliseconds{0}) let_pass(left);
  }
}

void kill_redis_primary(house& at, scenario_row& row, promise_limits const&) {
  ear const listens{at.redis()};
  (void)wait_until([&] { return listens.heard() > 0; }, kSoon);
  auto const joined = listens.joined();
  auto const was = at.redis().primary();
  stopwatch const since;
  at.redis().node(was).kill_hard();
  measure_bus(listens, joined, row, since);
  demand(row, at.redis().start_again(was));
  let_pass(kAfterwards);
  row.fault = {since.began_at(), wall_now()};
  recover(at, row, stopwatch{});
}

void silence_redis(house& at, scenario_row& row, promise_limits const& limits) {
  ear const listens{at.redis()};
  (void)wait_until([&] { return listens.heard() > 0; }, kSoon);
  auto const joined = listens.joined();
  auto const was = at.redis().primary();
  stopwatch const since;
  at.redis().hide(was);
  measure_bus(listens, joined, row, since);
  demand(row, row.recovered_s.value_or(1e9) <= limits.silent_redis_s,
         fmt::format("a publisher is left on the old primary for more than {} s", limits.silent_redis_s));
  let_pass(kAfterwards);
  at.redis().show(was);
  let_pass(kAfterwards);
  recover(at, row, stopwatch{});
}

void redis_down(house& at, scenario_row& row, promise_limits const&) {
  stopwatch const since;
  for (auto const which : {0U, 1U}) at.redis().node(which).kill_hard();
  let_pass(kOutage);
  // Between an entry and the heartbeat after it a phone may not be; all of them at once, soon.
  demand(row, at.well_again(kCurrentWithin), "phones are not current although the log serves");
  row.fault = {since.began_at(), wall_now()};
  for (auto const which : {0U, 1U}) demand(row, at.redis().start_again(which));
  stopwatch const back;
  ear const listens{at.redis()};
  demand(row, wait_until([&] { return listens.heard() > 0; }, kSoon), "nothing is heard on the bus afterwards");
  recover(at, row, back);
  let_pass(kAfterwards);
}

void postgres_down(house& at, scenario_row& row, promise_limits const&) {
  at.postgres().kill_both();
  stopwatch const since;
  let_pass(kUnknownWithin);
  demand(row, at.people().current() == 0, "phones show current without a log");
  let_pass(std::chrono::duration_cast<milliseconds>(kOutage) - kUnknownWithin);
  row.fault = {since.began_at(), wall_now()};
  stopwatch const back;
  demand(row, at.postgres().start_both());
  recover(at, row, back);
  let_pass(kAfterwards);
}

void lose_primary(house& at, scenario_row& row, promise_limits const&) {
  auto const before = at.postgres().current().ask("SELECT max(seq) FROM alert_log");
  stopwatch const since;
  demand(row, at.postgres().lose_primary());
  auto const grows = [&] {
    auto const now = at.postgres().current().ask("SELECT max(seq) FROM alert_log");
    return !now.empty() && !before.empty() && std::stoull(now) > std::stoull(before) + 3;
  };
  demand(row, wait_until(grows, kSoon), "nothing is logged on the promoted standby");
  row.detected_s = since.seconds_passed();
  recover(at, row, since);
  let_pass(kAfterwards);
  row.fault = {since.began_at(), wall_now()};
}

void kill_engine(house& at, scenario_row& row, promise_limits const& limits) {
  for (auto i = 0; i < 2; ++i) {
    auto const was = at.leader();
    if (was.empty()) return demand(row, false, "no engine leads");
    stopwatch const since;
    at.siren().service(was).kill_hard();
    auto const other = [&] {
      auto const now = at.leader();
      return !now.empty() && now != was;
    };
    demand(row, wait_until(other, kSoon), "no other engine leads");
    row.detected_s = std::max(row.detected_s.value_or(0), since.seconds_passed());
    demand(row, *row.detected_s <= limits.other_engine_s,
           fmt::format("another engine leads after more than {} s", limits.other_engine_s));
    demand(row, at.siren().start_again(was));
    recover(at, row, since);
    let_pass(kAfterwards);
    if (i == 0) row.fault = {since.began_at(), wall_now()};
  }
}

struct stoppable {
  std::string name;
  std::function<void()> stop;
  std::function<void()> go_on;
  bool truth = false;  // without it nobody can be current
  std::function<void()> after = nullptr;
};

std::vector<stoppable> processes_of(house& at) {
  std::vector<stoppable> all;
  auto const service = [&](std::string const& name, bool truth = false) {
    all.push_back({name, [&at, name] { at.siren().service(name).send(SIGSTOP); },
                   [&at, name] { at.siren().service(name).send(SIGCONT); }, truth});
  };
  service("threat_ingest", true);
  service("alert_gateway");
  service("alert_gateway_2");
  service(at.leader());
  // Another engine has taken over meanwhile: this one ends by itself, and a supervisor starts it again as a standby.
  all.back().after = [&at, name = all.back().name] {
    if (at.siren().service(name).wait_for_exit(kEndsWithin)) (void)at.siren().start_again(name).ok();
  };
  service("route_planner");
  service("shelter_registry");
  service("operator_console");
  auto const redis = [&](std::string const& name, std::size_t which) {
    all.push_back({name, [&at, which] { at.redis().node(which).send(SIGSTOP); },
                   [&at, which] { at.redis().node(which).send(SIGCONT); }});
  };
  redis("redis primary", at.redis().primary());
  redis("redis replica", 1 - at.redis().primary());
  all.push_back(
      {"postgres standby", [&at] { at.postgres().standby().freeze(); }, [&at] { at.postgres().standby().thaw(); }});
  all.push_back({"postgres primary", [&at] { at.postgres().primary().freeze(); },
                 [&at] { at.postgres().primary().thaw(); }, true});
  return all;
}

void stop_each(house& at, scenario_row& row, promise_limits const&) {
  for (auto const& one : processes_of(at)) {
    one.stop();
    let_pass(kUnknownWithin);
    std::size_t worst = 0;
    (void)wait_until(
        [&] {
          worst = std::max(worst, one.truth ? at.people().current() : 0);
          return false;
        },
        std::chrono::duration_cast<milliseconds>(kStandstill) - kUnknownWithin);
    one.go_on();
    if (one.after) one.after();
    row.phones.falsely_current += worst;
    demand(row, worst == 0, fmt::format("{} phones show current while {} stands still", worst, one.name));
    stopwatch const back;
    auto const broken = row.broken.size();
    recover(at, row, back);
    if (row.broken.size() > broken) row.broken.back() += " (" + one.name + ")";
  }
}

/// Until the disk takes no more.
void fill(std::string const& folder) {
  std::ofstream out{folder + "/ballast", std::ios::binary | std::ios::app};
  for (std::size_t size : {std::size_t{1} << 20U, std::size_t{4'096}, std::size_t{1}}) {
    std::string const block(size, 'x');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) continue;
    out.clear();
  }
}

void disk_full(house& at, scenario_row& row, promise_limits const&) {
  auto const refused = at.refused_orders();
  fill(at.options().small_journal);
  fill(at.options().small_disk);
  stopwatch const since;
  auto const full = [&] {
    // Segments that lie ready would take some more.
    (void)at.postgres().primary().ask("SELECT pg_switch_wal() FROM pg_logical_emit_message(true, 'ballast', 'x')");
    return at.postgres().primary().ask("SELECT 1 FROM pg_logical_emit_message(true, 'probe', 'x')") != "1";
  };
  demand(row, wait_until(full, kSoon), "the database's disk did not get full");
  row.detected_s = since.seconds_passed();
  let_pass(kStandstill);
  demand(row, at.refused_orders() > refused, "every order was acknowledged although nothing could keep it");
  for (auto const& folder : {at.options().small_disk, at.options().small_journal})
    std::filesystem::remove(folder + "/ballast");
  stopwatch const back;
  auto& server = at.postgres().primary();
  if (!server.process().wait_for_exit(milliseconds{1'000})) server.stop();
  demand(row, server.start_again());
  recover(at, row, back);
  let_pass(kAfterwards);
}

void wrong_clocks(house& at, scenario_row& row, promise_limits const&) {
  for (std::string const service : {"alert_gateway", "zone_engine", "threat_ingest"})
    for (auto const sign : {1, -1}) {
      at.set_clock(service, sign * seconds{kWrongBy});
      let_pass(seconds{10});
      at.set_clock(service, seconds{0});
      stopwatch const right;
      recover(at, row, right);
    }
  let_pass(kAfterwards);
}

void put_old_copy_back(house& at, scenario_row& row, promise_limits const& limits) {
  auto const copy = at.folder() + "/copy/pg";
  std::filesystem::create_directories(at.folder() + "/copy");
  if (auto copied = at.postgres().primary().copy_to(copy); !copied) return demand(row, copied);
  let_pass(kCopyAge);
  auto const epoch = at.postgres().current().ask("SELECT epoch FROM alert_head");
  demand(row, at.postgres().put_back(copy));
  stopwatch const since;
  auto const renewed = [&] {
    auto const now = at.postgres().current().ask("SELECT epoch FROM alert_head");
    return !now.empty() && now != epoch;
  };
  demand(row, wait_until(renewed, kSoon), "the log has no new epoch");
  row.detected_s = since.seconds_passed();
  recover(at, row, since);
  let_pass(kAfterwards);
  auto const shown =
      current_on_epoch(at.people().journals(), std::stoull(epoch), since.began_at() + limits.vanished_shown);
  row.phones.falsely_current += shown;
  demand(row, shown == 0,
         fmt::format("{} phones show what has vanished as current after {} s", shown,
                     limits.vanished_shown.count() / 1000));
}

}  // namespace

std::vector<scenario> all_scenarios(promise_limits limits) {
  auto const with = [limits](void (*act)(house&, scenario_row&, promise_limits const&)) {
    return [act, limits](house& at, scenario_row& row) { act(at, row, limits); };
  };
  return {
      {"gateway_killed", "a gateway is killed every 10 s, ten times", with(kill_gateways)},
      {"redis_primary_killed", "the primary of Redis is killed, Sentinels promote its replica",
       with(kill_redis_primary)},
      {"redis_silent", "publishers are left on an old primary that still answers them", with(silence_redis)},
      {"redis_down", "both servers of Redis are down for 60 s", with(redis_down)},
      {"postgres_down", "PostgreSQL and its standby are down for 60 s", with(postgres_down)},
      {"postgres_primary_lost", "the primary is lost, the standby is promoted", with(lose_primary)},
      {"zone_engine_killed", "the engine that leads is killed, twice", with(kill_engine)},
      {"each_stopped", "every process stands still for 30 s in turn", with(stop_each)},
      {"disk_full", "the disks of PostgreSQL's primary and of the engine's journal are full for 30 s", with(disk_full),
       true},
      {"clock_wrong", "clocks of gateway, engine and ingest jump by an hour, forth and back", with(wrong_clocks)},
      {"database_restored", "a copy of the database 5 min old is put back", with(put_old_copy_back), false, false},
  };
}

}  // namespace siren::faults
