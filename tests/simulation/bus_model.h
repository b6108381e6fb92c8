#pragma once

#include <array>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/stream/provisional.h"
#include "simulation/network.h"

namespace siren::simulation {

struct probe_message {
  std::size_t gateway = 0;
  std::uint64_t number = 0;
};
using bus_message = std::variant<stream_entry, provisional_entry, probe_message>;

/// Redis as the protocol sees it: two nodes, of which one is the primary; clients stay with the node they connected to
/// as long as it lives, whoever is the primary. A message is heard by whoever listens on the node it was said on, if it
/// is not lost; it may come twice and late.
class bus_model {
 public:
  struct ear {
    std::function<void(bus_message const&)> hear;
    std::function<void()> on_gap;  // connected anew: something may have been missed
    bool const* cut = nullptr;
    std::size_t node = 0;
    bool connected = true;
    std::uint64_t life = 0;
  };
  struct mouth {
    bool const* cut = nullptr;
    std::size_t node = 0;
    bool connected = true;
  };
  bus_model(stage_of_events& stage, network& net) : stage_{stage}, net_{net} {}

  std::size_t add_ear(ear one);
  std::size_t add_mouth(bool const* cut);
  /// Taken by the node, not heard by anybody yet. False: not taken.
  bool say(std::size_t mouth, bus_message const& what);
  void reconnect(std::size_t ear);

  // Faults.
  void set_down(bool down);
  /// The primary dies, the other takes over after `takes`.
  void kill_primary(milliseconds takes);
  /// The other is promoted while the old primary lives on; some clients stay there until it ends.
  void silent_failover(milliseconds old_one_ends);
  std::uint64_t lose = 0;    // permille
  std::uint64_t twice = 0;   // permille
  std::int64_t late_ms = 0;  // at most, so that order is lost
  /// Since when every message on the primary has arrived at every ear there; absent: not now.
  [[nodiscard]] bool clean() const { return lose == 0 && late_ms == 0; }
  [[nodiscard]] bool alive(std::size_t node) const { return alive_.at(node); }
  [[nodiscard]] std::size_t primary() const { return primary_; }
  [[nodiscard]] bool ear_on(std::size_t e, std::size_t node) const {
    return ears_.at(e).connected && ears_.at(e).node == node && alive_.at(node) && !*ears_.at(e).cut;
  }
  [[nodiscard]] bool mouth_works(std::size_t m) const {
    return mouths_.at(m).connected && mouths_.at(m).node == primary_ && alive_.at(primary_) && !*mouths_.at(m).cut;
  }
  std::uint64_t said = 0;
  std::uint64_t lost = 0;

 private:
  void break_clients_of(std::size_t node);
  void deliver(std::size_t ear, bus_message const& what, milliseconds delay);

  stage_of_events& stage_;
  network& net_;
  std::vector<ear> ears_;
  std::vector<mouth> mouths_;
  std::array<bool, 2> alive_{true, true};
  std::size_t primary_ = 0;
  bool down_ = false;
};

}  // namespace siren::simulation
