#pragma once

#include <map>
#include <memory>
#include <string>

#include "attack/player.h"
#include "common/city_bundle/city_bundle.h"
#include "core/zone/zone_map.h"
#include "fault_rig/head_watch.h"
#include "fault_rig/phones.h"
#include "fault_rig/postgres_pair.h"
#include "fault_rig/redis_family.h"
#include "fault_rig/triggers.h"
#include "fault_rig/verdict.h"
#include "rig/instance.h"

namespace siren::faults {

struct house_options {
  std::string programs;
  std::string migrations;
  std::string city;
  std::string raid;  // table of the night
  std::size_t phones = 2'000;
  std::uint64_t seed = 20260123;
  std::string small_disk;     // folder for the data of PostgreSQL's primary; empty: with the rest
  std::string small_journal;  // folder for zone_engine's journal; empty: with the rest
  std::string logs;           // folder that keeps what every process logged; empty: it goes with the house
};

/// A whole Siren with two gateways and two zone engines over Redis with Sentinels and PostgreSQL with a synchronous
/// standby, in mid-attack: phones on both gateways, the night's raid from real feeds, and triggers whose
/// acknowledgements are kept.
class house {
 public:
  [[nodiscard]] static result<std::unique_ptr<house>> start(house_options options);
  ~house();

  [[nodiscard]] instance& siren() { return *siren_; }
  [[nodiscard]] redis_family& redis() { return *redis_; }
  [[nodiscard]] postgres_pair& postgres() { return *postgres_; }
  [[nodiscard]] phones& people() { return *phones_; }
  [[nodiscard]] std::string const& folder() const { return folder_; }
  [[nodiscard]] house_options const& options() const { return options_; }
  /// Orders of the operator that nobody acknowledged.
  [[nodiscard]] std::uint64_t refused_orders() const { return triggers_->refused(); }

  /// Which of the engines serves now; empty: none.
  [[nodiscard]] std::string leader() const;
  /// The clocks of a service's processes are wrong by so much from now on.
  void set_clock(std::string const& service, seconds wrong_by);
  /// Alerts reach phones: so many more deliveries than now within the time.
  [[nodiscard]] bool more_delivered(std::uint64_t count, milliseconds at_most);
  /// As systemd or Kubernetes would: an engine that ended, because another one leads, starts again as its standby and
  /// hands over the orders in its journal.
  void revive_engines();
  /// Everybody hears everything again: every phone is connected and current. Revives engines meanwhile.
  [[nodiscard]] bool well_again(milliseconds at_most);

  struct outcome {
    verdict phones;
    std::uint64_t acknowledged = 0;
    std::uint64_t lost = 0;  // acknowledged triggers that the store does not have
    std::vector<phone_journal> journals;
    whole_log log;
  };
  /// Ends the attack, lets everybody hear the rest, and compares. Failure: what did not come to rest.
  [[nodiscard]] result<outcome> end();

 private:
  explicit house(house_options options) : options_{std::move(options)} {}
  [[nodiscard]] result<void> start_parts();
  [[nodiscard]] result<void> attack();
  [[nodiscard]] instance_options plan_of_instance();
  [[nodiscard]] std::vector<phone_plan> plan_of_phones() const;
  [[nodiscard]] zone_id quiet_raion() const;
  [[nodiscard]] result<whole_log> read_log() const;
  [[nodiscard]] std::uint64_t lost_of(acknowledged const& told) const;
  void keep_logs() const;

  house_options options_;
  std::string folder_;
  std::unique_ptr<city_bundle> city_;
  std::unique_ptr<zone_map> zones_;
  std::unique_ptr<redis_family> redis_;
  std::unique_ptr<postgres_pair> postgres_;
  std::unique_ptr<real_world_clock> clock_;
  std::unique_ptr<instance> siren_;
  std::unique_ptr<head_watch> watch_;
  attack::timeline play_;
  zone_id triggered_;
  std::unique_ptr<attack::player> player_;
  std::unique_ptr<triggers> triggers_;
  std::unique_ptr<phones> phones_;
};

}  // namespace siren::faults
