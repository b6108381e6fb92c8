#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/stream/phone.h"
#include "simulation/behaviours.h"
#include "simulation/gateway_model.h"

namespace siren::simulation {

/// One phone: core's rules, and what siren::client does around them.
class phone_model {
 public:
  struct ground {
    stage_of_events& stage;
    network& net;
    std::vector<std::unique_ptr<gateway_model>>& gateways;
    behaviours const& does;
  };
  phone_model(ground on, std::size_t index, std::vector<zone_id> zones);

  void start();
  /// The app is killed and started again: it has forgotten everything.
  void forget();
  void freeze(milliseconds how_long);
  void thaw();
  void set_slow(bool slow);
  void change_zones(std::vector<zone_id> zones);

  [[nodiscard]] phone const& rules() const { return rules_; }
  [[nodiscard]] bool current() const { return !frozen_ && rules_.current(on_.stage.now()); }
  [[nodiscard]] stage shown(zone_id const& zone) const;
  /// The stream has said its first word and nothing on this side holds it back.
  [[nodiscard]] bool listens() const { return stream_ && greeted_ && !frozen_ && stream_->flowing(); }
  [[nodiscard]] bool frozen() const { return frozen_; }
  [[nodiscard]] std::size_t gateway() const { return gateway_; }
  /// Changes with everything heard.
  [[nodiscard]] std::uint64_t turn() const { return turn_; }
  /// What this phone did that no phone may do.
  [[nodiscard]] std::optional<std::string> const& wrong() const { return wrong_; }

  std::uint64_t alarms = 0;
  std::uint64_t provisional = 0;
  std::uint64_t merged = 0;
  std::uint64_t resumed = 0;
  std::uint64_t breaks = 0;
  std::uint64_t refused_older = 0;
  std::uint64_t holes_found = 0;
  std::uint64_t epochs = 0;

 private:
  enum class from : std::uint8_t { timer, socket };
  void run(std::function<void()> what, from where = from::timer);
  void connect();
  void leave();
  void come_back();
  void tick();
  void hear(stream_send const& what);
  void tell(stream_send const& what) const;
  phone::taken take(stream_send const& what);
  phone::taken take_snapshot(send_snapshot const& sent);
  void rang(alert_id const& alert, std::uint32_t rev, siren::stage level);

  ground on_;
  std::size_t index_;
  std::vector<zone_id> zones_;
  phone rules_;
  std::shared_ptr<pipe> stream_;
  bool connecting_ = false;
  bool greeted_ = false;
  bool slow_ = false;
  bool frozen_ = false;
  std::uint64_t life_ = 0;
  std::vector<std::pair<from, std::function<void()>>> held_back_;
  std::size_t gateway_ = 0;
  std::optional<phone_go_away> bye_;
  std::uint64_t turn_ = 0;
  std::map<alert_id, std::pair<std::uint32_t, siren::stage>> rung_;
  std::optional<std::string> wrong_;
};

}  // namespace siren::simulation
