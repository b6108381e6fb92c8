#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/stream/board.h"
#include "core/stream/bus_probe.h"
#include "core/stream/entries_ahead.h"
#include "core/stream/log_follower.h"
#include "core/stream/log_watch.h"
#include "core/stream/phone_session.h"
#include "core/stream/reconnect_window.h"
#include "simulation/behaviours.h"
#include "simulation/bus_model.h"
#include "simulation/log_model.h"
#include "simulation/pipe.h"

namespace siren::simulation {

/// One gateway process over core's rules: board, log watch, follower, probe and a session for every stream.
class gateway_model {
 public:
  struct ground {
    stage_of_events& stage;
    network& net;
    log_model& log;
    bus_model& bus;
    behaviours const& does;
  };
  gateway_model(ground on, std::size_t index);

  void start();
  void crash();
  void freeze(milliseconds how_long);
  void thaw();
  /// Sends every phone away and stops, as at a deployment.
  void drain();
  /// A release from before the rule that a phone ahead of its gateway waits for the log: such a phone is given what the
  /// board has. In a rolling upgrade both serve.
  void run_earlier_release(bool earlier) { earlier_release_ = earlier; }

  /// A phone's stream. Null: nobody listens there.
  [[nodiscard]] std::shared_ptr<pipe> connect(bool const& cut);
  void subscribe(std::shared_ptr<pipe> const& on, subscription what);
  void change_zones(std::shared_ptr<pipe> const& on, std::vector<zone_id> zones);

  [[nodiscard]] bool up() const { return up_; }
  [[nodiscard]] bool works() const { return up_ && !frozen_ && !draining_; }
  [[nodiscard]] bool hears(std::size_t node) const { return bus_.ear_on(ear_, node); }
  [[nodiscard]] bool frozen() const { return frozen_; }
  [[nodiscard]] board const* known() const { return state_ ? &state_->known : nullptr; }

  std::uint64_t snapshots = 0;
  std::uint64_t continuations = 0;
  std::uint64_t slow_closed = 0;
  std::uint64_t sent_elsewhere = 0;  // phones that knew more than this gateway could learn
  std::uint64_t gaps = 0;
  std::uint64_t went_back = 0;
  std::uint64_t deaf = 0;

 private:
  struct stream {
    std::shared_ptr<pipe> to;
    phone_session session;
    steady_time asked_at{};
    bool first_word_due = true;
  };
  struct memory {
    explicit memory(steady_time now);
    board known;
    entries_ahead<stream_entry> ahead;
    log_watch watch;
    log_follower follower;
    bus_probe probe;
    reconnect_window arriving;
    std::vector<std::unique_ptr<stream>> streams;
    std::size_t turn = 0;
  };
  void run(std::function<void()> what);
  void tick();
  void follow();
  void read_head();
  void read_entries();
  void read_state();
  void hear(bus_message const& what);
  void take_ahead();
  void take_anyway(stream_entry const& entry);
  void probe();
  void news();
  void pump(stream& one);
  void look_at(stream& one);
  void end(stream& one);
  void sweep();
  stream* find(std::shared_ptr<pipe> const& on);

  stage_of_events& stage_;
  network& net_;
  log_model& log_;
  bus_model& bus_;
  behaviours const& does_;
  std::size_t index_;
  bool up_ = false;
  bool frozen_ = false;
  bool draining_ = false;
  bool earlier_release_ = false;
  std::uint64_t life_ = 0;
  std::vector<std::function<void()>> held_back_;
  std::optional<memory> state_;
  std::size_t ear_ = 0;
  std::size_t mouth_ = 0;
};

}  // namespace siren::simulation
