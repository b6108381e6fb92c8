#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/alert/alert_book.h"
#include "core/stream/outbox.h"
#include "core/stream/publisher.h"
#include "simulation/behaviours.h"
#include "simulation/bus_model.h"
#include "simulation/log_model.h"

namespace siren::simulation {

/// What is really going on over a zone.
struct sky {
  bool official = false;
  stage analysis = stage::all_clear;
  [[nodiscard]] stage level() const { return std::max(analysis, official ? stage::go : stage::all_clear); }
};
using skies = std::map<zone_id, sky>;

/// One zone_engine: standby or leader, with core's alert book and core's publisher. Its journal survives a crash.
class engine_model {
 public:
  struct ground {
    stage_of_events& stage;
    network& net;
    log_model& log;
    bus_model& bus;
    behaviours const& does;
    skies const& sky;  // as the picture log holds it for whoever starts
  };
  engine_model(ground on, std::size_t index);

  void start();
  /// Process killed; what is in memory is gone.
  void crash();
  /// Frozen and thawed (SIGSTOP, SIGCONT): time goes on without it.
  void freeze(milliseconds how_long);
  void thaw();
  /// The feeds reach this engine, or don't.
  void set_feeds(bool reach, skies const& now);
  void see(zone_id const& zone, sky now);
  void jump_clock(milliseconds by) { clock_ += by; }

  [[nodiscard]] bool up() const { return up_; }
  [[nodiscard]] bool leading() const { return up_ && leading_; }
  [[nodiscard]] bool frozen() const { return frozen_; }
  [[nodiscard]] bool idle() const { return !publisher_ || publisher_->all_logged(); }
  /// How far it knows the log to have come; on its disk.
  [[nodiscard]] cursor noted() const { return noted_; }
  [[nodiscard]] bool sees() const { return feeds_; }
  [[nodiscard]] std::size_t mouth() const { return mouth_; }

  /// A provisional alert was put on a bus that works: (what, when).
  std::function<void(provisional_entry const&)> on_said;
  std::uint64_t terms = 0;
  std::uint64_t provisional_said = 0;
  std::uint64_t journal_merged = 0;
  std::uint64_t deposed = 0;
  std::uint64_t doubtful = 0;

 private:
  void tick();
  void run(std::function<void()> what);
  void try_to_lead();
  void lead(log_model::term_given const& given);
  void decide(zone_id const& zone);
  void pump();
  void append(std::size_t count);
  void appended(std::optional<log_model::answer> const& done);
  void renew();
  void step_down();
  void say(std::vector<provisional_entry> const& what);
  void publish();
  void beat();
  void relay();
  [[nodiscard]] utc_time world_time() const;

  ground on_;
  std::size_t index_;
  bool up_ = false;
  bool frozen_ = false;
  std::vector<std::function<void()>> held_back_;
  std::uint64_t life_ = 0;
  bool leading_ = false;
  bool asking_ = false;
  std::uint64_t term_ = 0;
  std::optional<publisher> publisher_;
  outbox outbox_;
  bool relaying_ = false;
  alert_book book_;
  skies seen_;
  bool feeds_ = true;
  steady_time feeds_since_{};
  steady_time beat_at_{};
  steady_time asked_at_{};
  milliseconds clock_{};
  std::size_t mouth_ = 0;
  // On its disk.
  std::vector<provisional_entry> journal_;
  std::uint64_t journal_term_ = 0;
  cursor noted_;
};

}  // namespace siren::simulation
