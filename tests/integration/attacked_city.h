#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "attack/player.h"
#include "common/city_bundle/city_bundle.h"
#include "core/zone/zone_map.h"
#include "rig/instance.h"
#include "swarm/swarm.h"

namespace siren {

/// A small generated Kyiv on real processes, real PostgreSQL and Redis, with phones on real sockets and the night's
/// raid coming in through real feeds at 180 world seconds a second.
class attacked_city : public testing::Test {
 protected:
  static constexpr double kRate = 180.0;

  static void SetUpTestSuite();
  void SetUp() override;
  /// What is to be otherwise than usual in this test's instance.
  virtual void choose(instance_options&) {}
  void TearDown() override;

  void connect_phones(std::size_t count);
  void begin_raid();
  /// The log as the database holds it, once every phone has heard all of it.
  [[nodiscard]] swarm::verdict_on_delivery settle_and_judge();
  [[nodiscard]] swarm::logged read_log();
  [[nodiscard]] bool delivered_at_least(std::uint64_t count, milliseconds at_most);
  [[nodiscard]] std::uint64_t delivered() const { return phones_->counts().delivered; }

  static std::string programs();
  static inline std::string city_folder_;
  std::string folder_;
  std::unique_ptr<city_bundle> city_;
  std::unique_ptr<zone_map> zones_;
  std::unique_ptr<real_world_clock> clock_;
  std::unique_ptr<instance> siren_;
  std::vector<std::string> gateways_;
  attack::timeline play_;
  std::unique_ptr<attack::player> player_;
  std::unique_ptr<swarm::swarm> phones_;
};

}  // namespace siren
