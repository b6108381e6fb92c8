#include "fanout_bench/player.h"

#include <poll.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "common/clock.h"
#include "fanout_bench/grid_city.h"
#include "fanout_bench/process_cost.h"

namespace siren::fanout {
namespace {

constexpr double kConnectRate = 20'000.0;
constexpr double kConnectWithin = 120.0;  // seconds
constexpr double kSettleWithin = 30.0;
constexpr int kLookMs = 100;
constexpr milliseconds kProbeWithin{20'000};
constexpr int kCrowdsSource = 200;

void wait_ms(std::int64_t ms) {
  ::poll(nullptr, 0, static_cast<int>(std::max<std::int64_t>(ms, 0)));
}

milliseconds of_seconds(double s) {
  return milliseconds{static_cast<std::int64_t>(s * 1'000.0)};
}

double seconds_since(steady_time began) {
  return std::chrono::duration<double>(steady_now() - began).count();
}

std::int64_t second_now() {
  return wall_now().time_since_epoch().count() / 1'000'000;
}

}  // namespace

player::player(scenario const& what, ground on, contender& server, std::ostream& progress)
    : what_{what}, on_{std::move(on)}, server_{server}, progress_{progress} {}

player::~player() {
  stop_ = true;
  if (meanwhile_.joinable()) meanwhile_.join();
}

result<void> player::run(play_told& told) {
  told_ = &told;
  swarm_plan plan;
  plan.ports = server_.ports();
  plan.wire = server_.wire();
  plan.phones = on_.phones;
  plan.zones = on_.zones;
  plan.stand_there = what_.setup.contains("stand_there");
  plan.tls = on_.tls && plan.wire != "plain";
  plan.receive_buffer = static_cast<int>(what_.setting("receive_buffer", 0));
  auto phones = herd::start(on_.programs, on_.folder, "phones", plan);
  if (!phones) return phones.error();
  phones_ = std::move(*phones);
  note("phones", static_cast<double>(on_.phones));
  for (auto const& one : what_.steps) {
    if (auto done = carry_out(one); !done) return done;
    if (phones_->lost()) return failure{reason::not_ready, "a process of phones is gone after " + one.verb};
  }
  if (auto joined = join_alerts(); !joined) return joined;
  close_window();
  return judge();
}

result<void> player::carry_out(step const& one) {
  auto const part = one.text("part");
  std::map<std::string, std::function<result<void>()>> const acts{
      {"connect", [&] { return connect(one); }},
      {"hold", [&] { return wait_ms(of_seconds(one.number("for", 1.0)).count()), result<void>{}; }},
      {"window", [&] { return open_window(one.text("name", "all")), result<void>{}; }},
      {"alerts", [&] { return alerts(one); }},
      {"settle", [&] { return settle(one); }},
      {"stall", [&] { return phones_->stall(share_of(one), false), result<void>{}; }},
      {"read", [&] { return phones_->read_again(), result<void>{}; }},
      {"kill", [&] { return server_.kill(part); }},
      {"start", [&] { return server_.start_again(part); }},
      {"stop", [&] { return server_.stop(part); }},
      {"attack", [&] { return attack(one); }},
      {"cut",
       [&]() -> result<void> {
         std::optional<milliseconds> back;
         if (one.has("back_ms")) back = milliseconds{static_cast<std::int64_t>(one.number("back_ms", 0.0))};
         phones_->cut(share_of(one), back);
         return {};
       }},
      {"flap",
       [&]() -> result<void> {
         for (int i = 0; i < static_cast<int>(one.number("times", 1.0)); ++i) {
           phones_->cut(share_of(one), std::nullopt);
           wait_ms(static_cast<std::int64_t>(one.number("every_ms", 1'000.0)));
         }
         return {};
       }},
      {"probe", [&]() -> result<void> {
         auto const after = first_word_after(server_.ports().front(), grid_zone_id(0), kProbeWithin);
         note("served_after_ms", after ? static_cast<double>(after->count()) : INFINITY);
         return {};
       }}};
  return acts.at(one.verb)();
}

result<void> player::connect(step const& one) {
  auto const pids = server_.servers();
  auto const cpu = cpu_seconds(pids);
  auto const memory = resident_bytes(pids);
  auto const kernel = kernel_bytes();
  auto const began = steady_now();
  phones_->connect(one.number("rate", kConnectRate));
  auto const within = one.number("within", kConnectWithin);
  std::vector<std::uint32_t> const nothing(on_.zones);
  swarm_report now;
  do {
    wait_ms(kLookMs);
    now = phones_->report(nothing, false);
  } while (now.live < now.phones && seconds_since(began) < within && !phones_->lost());
  auto const took = seconds_since(began);
  say(fmt::format("{} of {} phones connected in {:.1f} s", now.live, now.phones, took));
  if (now.live < now.phones)
    return failure{reason::not_ready, fmt::format("only {} of {} phones could connect", now.live, now.phones)};
  auto const phones = static_cast<double>(now.phones);
  note("connects_per_s", phones / took);
  note("accept_us", (cpu_seconds(pids) - cpu) * 1e6 / phones);
  note("greeting_p99_ms", static_cast<double>(now.greetings.at(0.99).count()) / 1'000.0);
  note("memory_kb", (resident_bytes(pids) - memory) / 1'024.0 / phones);
  note("kernel_kb", (kernel_bytes() - kernel) / 1'024.0 / phones);
  (void)phones_->report(nothing, true);
  return {};
}

result<void> player::alerts(step const& one) {
  if (auto joined = join_alerts(); !joined) return joined;
  auto const asked = one.text("zones", "100%");
  auto const number = one.number("zones", 1.0);
  auto const share = asked.ends_with('%') ? number * static_cast<double>(on_.zones) : number;
  auto const count = std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(share)), 1, on_.zones);
  auto const rounds = static_cast<std::size_t>(one.number("rounds", 1.0));
  milliseconds const every{static_cast<std::int64_t>(one.number("every_ms", 1'000.0))};
  auto const work = [this, count, rounds, every] {
    auto const began = steady_now();
    for (std::size_t i = 0; i < rounds && !stop_; ++i) {
      std::vector<zone_number> zones;
      for (std::size_t k = 0; k < count; ++k)
        zones.push_back(static_cast<zone_number>((round_ * count + k) % on_.zones));
      ++round_;
      if (auto said = server_.publish(zones); !said) {
        meanwhile_failed_ = said.error();
        return;
      }
      auto const next = began + every * static_cast<std::int64_t>(i + 1);
      wait_ms(std::chrono::duration_cast<milliseconds>(next - steady_now()).count());
    }
  };
  meanwhile_ = std::thread{work};
  return one.has("meanwhile") ? result<void>{} : join_alerts();
}

result<void> player::join_alerts() {
  if (meanwhile_.joinable()) meanwhile_.join();
  if (meanwhile_failed_) return *meanwhile_failed_;
  return {};
}

result<void> player::settle(step const& one) {
  if (auto joined = join_alerts(); !joined) return joined;
  auto const began = steady_now();
  auto const last = server_.last_by_zone();
  swarm_report now;
  do {
    now = phones_->report(last, false);
    if (now.behind == 0) break;
    wait_ms(kLookMs);
  } while (seconds_since(began) < one.number("within", kSettleWithin) && !phones_->lost());
  if (now.behind > 0) say(fmt::format("{} phones are not there after {:.1f} s", now.behind, seconds_since(began)));
  return {};
}

result<void> player::attack(step const& one) {
  auto const port = server_.ports().front();
  auto const kind = one.text("kind");
  auto const count = static_cast<std::uint64_t>(one.number("count", 0.0));
  auto const at_most = of_seconds(one.number("for", 10.0));
  auto const told = [&](attack_told const& done) {
    say(fmt::format("{}: {} on {} connections", kind, done.done, done.times));
    return result<void>{};
  };
  if (kind == "resets") return told(reset_streams(port, count, at_most));
  if (kind == "padding") return told(pad_headers(port, count, at_most));
  if (kind == "pings") return told(flood_pings(port, count, at_most));
  if (kind == "connections") {
    silent_crowd const crowd{port, count};
    say(fmt::format("{} connections that say nothing", crowd.size()));
    wait_ms(at_most.count());
    return {};
  }
  if (kind == "non_readers") return crowd_of_non_readers(count);
  if (kind != "end") return failure{reason::malformed, "there is no attack " + kind};
  crowd_.reset();
  return {};
}

result<void> player::crowd_of_non_readers(std::size_t count) {
  swarm_plan plan;
  plan.ports = {server_.ports().front()};
  plan.phones = count;
  plan.zones = on_.zones;
  plan.tls = on_.tls;
  plan.receive_buffer = 2'048;
  plan.source = kCrowdsSource;
  auto crowd = herd::start(on_.programs, on_.folder, "crowd", plan);
  if (!crowd) return crowd.error();
  crowd_ = std::move(*crowd);
  crowd_->connect(kConnectRate);
  std::vector<std::uint32_t> const nothing(on_.zones);
  auto const all = [&] { return crowd_->report(nothing, false).live == count || crowd_->lost(); };
  if (!wait_until(all, of_seconds(kConnectWithin))) return failure{reason::not_ready, "the crowd could not connect"};
  crowd_->stall(1.0, true);
  say(fmt::format("{} more phones are connected and read nothing", count));
  return {};
}

void player::open_window(std::string name) {
  close_window();
  (void)phones_->report(std::vector<std::uint32_t>(on_.zones), true);
  window_.emplace();
  window_->name = std::move(name);
  servers_ = server_.servers();
  server_cpu_ = cpu_seconds(servers_);
  phones_cpu_ = cpu_seconds(phones_->pids());
  database_ = server_.database_work();
  window_from_ = steady_now();
  window_second_ = second_now();
}

void player::close_window() {
  if (!window_) return;
  auto& now = *window_;
  now.seconds = seconds_since(window_from_);
  now.server_cpu_s = std::max(cpu_seconds(servers_) - server_cpu_, 0.0);  // less when one was killed
  now.phones_cpu_s = cpu_seconds(phones_->pids()) - phones_cpu_;
  now.database_work = server_.database_work() - database_;
  now.server_bytes = resident_bytes(server_.servers());
  now.heard = phones_->report(server_.last_by_zone(), false);
  for (std::size_t i = 0; i < now.heard.connects_by_second.size(); ++i)
    if (now.heard.first_second + static_cast<std::int64_t>(i) >= window_second_)
      now.peak_connects = std::max(now.peak_connects, now.heard.connects_by_second[i]);
  say(fmt::format("{}: {} alerts in {:.1f} s, p99 {:.1f} ms", now.name, now.heard.alerts, now.seconds,
                  static_cast<double>(now.heard.delays.at(0.99).count()) / 1'000.0));
  told_->windows.push_back(std::move(now));
  window_.reset();
}

result<void> player::judge() {
  auto const places = server_.places();
  if (!places) return places.error();
  auto const end = phones_->report(server_.last_by_zone(), false);
  auto const held = phones_->ledger().judge(*places);
  if (phones_->lost()) return failure{reason::not_ready, "a process of phones is gone"};
  note("missing", static_cast<double>(held.missing + end.holes));
  note("out_of_order", static_cast<double>(held.surplus + end.out_of_order + end.other_epochs));
  note("not_back", static_cast<double>(end.phones - end.live));
  note("not_understood", static_cast<double>(end.not_understood));
  return {};
}

}  // namespace siren::fanout
