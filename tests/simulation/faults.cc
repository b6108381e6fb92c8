#include "simulation/city.h"

namespace siren::simulation {

std::vector<city::fault_kind> const& city::fault_kinds() {
  static std::vector<fault_kind> const kinds{
      {"gateway crashes", &city::gateway_crashes},
      {"gateway drains and restarts", &city::gateway_drains},
      {"gateway is stopped for a while", &city::gateway_freezes},
      {"gateway runs an earlier release", &city::gateway_is_earlier_release},
      {"engine crashes", &city::engine_crashes},
      {"engine is stopped for a while", &city::engine_freezes},
      {"engine's feeds fall silent", &city::engine_goes_blind},
      {"log is down", &city::log_goes_down},
      {"log fails over", &city::log_fails_over},
      {"log is restored from an older copy", &city::log_is_restored},
      {"log's clock jumps an hour", &city::log_clock_jumps},
      {"engine's clock jumps an hour", &city::engine_clock_jumps},
      {"bus is down", &city::bus_goes_down},
      {"bus primary dies", &city::bus_primary_dies},
      {"bus fails over, clients stay on the old primary", &city::bus_fails_over_silently},
      {"bus loses, doubles, reorders", &city::bus_is_unreliable},
      {"gateway is cut off from the log", &city::gateway_loses_log},
      {"gateway is cut off from the bus", &city::gateway_loses_bus},
      {"engine is cut off from the log", &city::engine_loses_log},
      {"engine is cut off from the bus", &city::engine_loses_bus},
      {"phone has no network", &city::phone_loses_network},
      {"phone reads slowly", &city::phone_reads_slowly},
      {"phone is stopped for a while", &city::phone_freezes},
      {"phone's app starts anew", &city::phone_forgets},
      {"phone moves to other zones", &city::phone_moves},
      {"everything is slow", &city::network_is_slow},
  };
  return kinds;
}

void city::strike_sometimes() {
  stage.after(stage.random.between(200, 6'000), [this] {
    if (quiet_ || chosen_.empty()) return;
    auto const& kind = chosen_[stage.random.pick(chosen_.size())];
    ++struck_[kind.name];
    stage.tell("FAULT ", kind.name);
    (this->*kind.strike)();
    strike_sometimes();
  });
}

/// Every fault that lasts ends at healing; what a fault planned for later does nothing then.
void city::heal() {
  quiet_ = true;
  stage.tell("faults end");
  ++healed_;
  net.engine_log.fill(false);
  net.engine_bus.fill(false);
  net.gateway_log.fill(false);
  net.gateway_bus.fill(false);
  net.phone.fill(false);
  net.slow_ms = 0;
  bus.lose = bus.twice = 0;
  bus.late_ms = 0;
  log.set_down(false);
  bus.set_down(false);
  for (auto const& one : engines) {
    one->thaw();
    one->start();
    one->set_feeds(true, sky_now);
  }
  for (auto const& one : gateways) {
    one->run_earlier_release(false);
    one->thaw();
    one->start();
  }
  for (auto const& one : phones) {
    one->thaw();
    one->set_slow(false);
  }
}

void city::cut_for(bool& link, milliseconds how_long) {
  link = true;
  stage.after(how_long, [&link] { link = false; });
}

void city::gateway_crashes() {
  auto& one = some_gateway();
  one.crash();
  stage.after(stage.random.between(500, 8'000), [&one] { one.start(); });
}
void city::gateway_drains() {
  auto& one = some_gateway();
  one.drain();
  stage.after(stage.random.between(4'000, 8'000), [&one] { one.start(); });
}
void city::gateway_freezes() {
  some_gateway().freeze(stage.random.between(500, 30'000));
}
void city::gateway_is_earlier_release() {
  auto const index = stage.random.pick(kGateways);
  auto& one = *gateways[index];
  auto const how_long = stage.random.between(5'000, 20'000);
  one.run_earlier_release(true);
  stage.after(how_long, [&one] { one.run_earlier_release(false); });
  // In a place that loses everything but its phones, it serves what it last knew.
  if (stage.random.chance(500)) return;
  cut_for(net.gateway_log[index], how_long);
  cut_for(net.gateway_bus[index], how_long);
}
void city::engine_crashes() {
  auto& one = some_engine();
  one.crash();
  stage.after(stage.random.between(500, 10'000), [&one] { one.start(); });
}
void city::engine_freezes() {
  some_engine().freeze(stage.random.between(500, 30'000));
}
void city::engine_goes_blind() {
  auto& one = some_engine();
  one.set_feeds(false, {});
  stage.after(stage.random.between(1'000, 15'000), [this, &one] { one.set_feeds(true, sky_now); });
}
void city::log_goes_down() {
  log.set_down(true);
  stage.after(stage.random.between(500, 20'000), [this] { log.set_down(false); });
}
void city::log_fails_over() {
  log.set_down(true);
  stage.after(stage.random.between(1'000, 5'000), [this] { log.set_down(false); });
}
/// Nothing inside tells a log that was put back from one that never went further if whoever comes to lead does not know
/// how far it had come (seeds 225 and 2112 of earlier versions: two histories at one place, and phones that called the
/// mixture current). So only if every engine knows is it left to them to notice; otherwise who puts a copy back gives
/// it a new epoch.
void city::log_is_restored() {
  if (log.down()) return;
  auto everyone_knows = true;
  for (auto const& one : engines) everyone_knows = everyone_knows && one->noted() == log.at();
  auto const noticed = everyone_knows && stage.random.chance(700);
  log.restore(stage.random.between(1'000, 40'000), !noticed);
  restored_at = stage.now();
}
void city::log_clock_jumps() {
  log.jump_clock(stage.random.chance(500) ? hours{1} : -hours{1});
}
void city::engine_clock_jumps() {
  some_engine().jump_clock(stage.random.chance(500) ? hours{1} : -hours{1});
}
void city::bus_goes_down() {
  bus.set_down(true);
  stage.after(stage.random.between(500, 20'000), [this] { bus.set_down(false); });
}
void city::bus_primary_dies() {
  bus.kill_primary(stage.random.between(500, 4'000));
}
void city::bus_fails_over_silently() {
  bus.silent_failover(stage.random.between(2'000, 20'000));
}
void city::bus_is_unreliable() {
  bus.lose = stage.random.pick(400);
  bus.twice = stage.random.pick(400);
  bus.late_ms = static_cast<std::int64_t>(stage.random.pick(1'500));
  stage.after(stage.random.between(2'000, 20'000), [this] {
    bus.lose = bus.twice = 0;
    bus.late_ms = 0;
  });
}
void city::gateway_loses_log() {
  cut_for(net.gateway_log[stage.random.pick(kGateways)], stage.random.between(500, 20'000));
}
void city::gateway_loses_bus() {
  cut_for(net.gateway_bus[stage.random.pick(kGateways)], stage.random.between(500, 20'000));
}
void city::engine_loses_log() {
  cut_for(net.engine_log[stage.random.pick(kEngines)], stage.random.between(500, 20'000));
}
void city::engine_loses_bus() {
  cut_for(net.engine_bus[stage.random.pick(kEngines)], stage.random.between(500, 20'000));
}
void city::phone_loses_network() {
  cut_for(net.phone[stage.random.pick(kPhones)], stage.random.between(300, 20'000));
}
void city::phone_reads_slowly() {
  auto& one = some_phone();
  one.set_slow(true);
  stage.after(stage.random.between(500, 15'000), [&one] { one.set_slow(false); });
}
void city::phone_freezes() {
  some_phone().freeze(stage.random.between(500, 40'000));
}
void city::phone_forgets() {
  some_phone().forget();
}
void city::phone_moves() {
  some_phone().change_zones(some_zones());
}
void city::network_is_slow() {
  net.slow_ms = static_cast<std::int64_t>(stage.random.pick(1'200));
  stage.after(stage.random.between(1'000, 10'000), [this] { net.slow_ms = 0; });
}

}  // namespace siren::simulation
