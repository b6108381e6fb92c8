#pragma once

#include <array>
#include <optional>
#include <string>

#include "simulation/city.h"

namespace siren::simulation {

/// The promises, looked at from outside after every step. Each check bears its promise's name.
class checks {
 public:
  explicit checks(city& of) : city_{of} {}

  /// Absent: all hold.
  std::optional<std::string> after_step();
  /// After the faults have ended and time was given to heal: everyone shows what is true, as current.
  std::optional<std::string> at_rest();

  std::uint64_t times_current = 0;
  std::uint64_t times_unknown = 0;
  std::uint64_t both_paths = 0;
  std::uint64_t log_path_alone = 0;
  std::uint64_t bus_path_alone = 0;

 private:
  using verdict = std::optional<std::string>;
  struct since {
    bool now = false;
    steady_time at{};
    void is(bool holds, steady_time when) {
      if (holds && !now) at = when;
      now = holds;
    }
    [[nodiscard]] bool before(steady_time when) const { return now && at <= when; }
  };
  void follow();
  verdict one_history();
  verdict no_hole(std::size_t phone);
  verdict no_false_calm(std::size_t phone);
  verdict official_floor(std::size_t phone);
  verdict one_warning_path(std::size_t phone);
  [[nodiscard]] std::string who(std::size_t phone) const;
  /// The lowest that the zone was in since `from`.
  [[nodiscard]] stage least(zone_id const& zone, steady_time from) const;
  /// Since when the zone has been in this or more.
  [[nodiscard]] steady_time began(zone_id const& zone, stage level) const;
  struct paths {
    bool log = false;
    bool bus = false;
  };
  [[nodiscard]] paths paths_to(std::size_t gateway, steady_time ready, steady_time began_at) const;
  [[nodiscard]] bool official_since(zone_id const& zone, steady_time from) const;

  city& city_;
  std::array<std::uint64_t, kPhones> looked_at_{};
  std::array<since, kPhones> listens_;
  std::array<std::map<zone_id, steady_time>, kPhones> lacks_;
  std::array<since, kGateways> gateway_works_;
  std::array<since, kGateways> gateway_reads_;
  std::array<since, kGateways> gateway_hears_;
  std::array<since, kEngines> engine_decides_;
  std::array<since, kEngines> engine_writes_;
  std::array<since, kEngines> engine_speaks_;
  std::array<steady_time, kEngines> engine_knows_restore_{};  // which
  since log_works_;
  since log_is_whole_;
  steady_time whole_looked_at_{};
};

}  // namespace siren::simulation
