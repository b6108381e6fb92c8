#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulation/engine_model.h"
#include "simulation/gateway_model.h"
#include "simulation/phone_model.h"

namespace siren::simulation {

/// What a run met: a checker that never saw the bad case proves nothing.
using exercised = std::map<std::string, std::uint64_t>;

/// Everything of one run, from one seed: the sky, engines, log, bus, gateways, phones and what goes wrong with them.
class city {
 public:
  city(std::uint64_t seed, behaviours const& does);

  /// Faults for a while, then none; absent: every promise held. Otherwise the broken promise and what was seen.
  std::optional<std::string> run();
  [[nodiscard]] exercised counts() const;

 private:
  friend class checks;
  struct fault_kind {
    char const* name;
    void (city::*strike)();
  };
  static std::vector<fault_kind> const& fault_kinds();

  void change_sky();
  void tell_engines(zone_id const& zone);
  void strike_sometimes();
  void heal();
  void cut_for(bool& link, milliseconds how_long);
  [[nodiscard]] std::vector<zone_id> some_zones();
  gateway_model& some_gateway() { return *gateways[stage.random.pick(kGateways)]; }
  engine_model& some_engine() { return *engines[stage.random.pick(kEngines)]; }
  phone_model& some_phone() { return *phones[stage.random.pick(kPhones)]; }

  void gateway_crashes();
  void gateway_drains();
  void gateway_freezes();
  void gateway_is_earlier_release();
  void engine_crashes();
  void engine_freezes();
  void engine_goes_blind();
  void log_goes_down();
  void log_fails_over();
  void log_is_restored();
  void log_clock_jumps();
  void engine_clock_jumps();
  void bus_goes_down();
  void bus_primary_dies();
  void bus_fails_over_silently();
  void bus_is_unreliable();
  void gateway_loses_log();
  void gateway_loses_bus();
  void engine_loses_log();
  void engine_loses_bus();
  void phone_loses_network();
  void phone_reads_slowly();
  void phone_freezes();
  void phone_forgets();
  void phone_moves();
  void network_is_slow();

 public:
  stage_of_events stage;
  behaviours does;
  network net;
  log_model log;
  bus_model bus;
  skies sky_now;
  /// When each zone's level became what it is, newest last.
  std::map<zone_id, std::vector<std::pair<steady_time, sky>>> sky_before;
  std::vector<zone_id> zones;
  std::vector<std::unique_ptr<engine_model>> engines;
  std::vector<std::unique_ptr<gateway_model>> gateways;
  std::vector<std::unique_ptr<phone_model>> phones;
  steady_time restored_at{};
  std::uint64_t steps = 0;

 private:
  std::vector<fault_kind> chosen_;
  bool quiet_ = false;
  std::uint64_t healed_ = 0;
  std::map<std::string, std::uint64_t> struck_;
  std::uint64_t times_current_ = 0;
  std::uint64_t times_unknown_ = 0;
  std::array<std::uint64_t, 3> paths_{};  // looks while both, the log's alone, the bus' alone worked
};

}  // namespace siren::simulation
