#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <ostream>
#include <thread>
#include <vector>

#include "fanout_bench/attacks.h"
#include "fanout_bench/contender.h"
#include "fanout_bench/herd.h"
#include "fanout_bench/play.h"

namespace siren::fanout {

/// Carries out the steps of a scenario against one server.
class player {
 public:
  player(scenario const& what, ground on, contender& server, std::ostream& progress);
  ~player();
  /// Windows and what holds for the whole run. Failure: a step could not be done.
  [[nodiscard]] result<void> run(play_told& told);

 private:
  [[nodiscard]] result<void> carry_out(step const& one);
  [[nodiscard]] result<void> connect(step const& one);
  [[nodiscard]] result<void> alerts(step const& one);
  [[nodiscard]] result<void> settle(step const& one);
  [[nodiscard]] result<void> attack(step const& one);
  [[nodiscard]] result<void> crowd_of_non_readers(std::size_t count);
  [[nodiscard]] result<void> join_alerts();
  void open_window(std::string name);
  void close_window();
  [[nodiscard]] result<void> judge();
  void note(std::string name, double value) { told_->numbers.emplace_back(std::move(name), value); }
  void say(std::string const& words) { progress_ << "  " << words << std::endl; }
  [[nodiscard]] double share_of(step const& one) const { return std::min(one.number("phones", 1.0), 1.0); }

  scenario const& what_;
  ground on_;
  contender& server_;
  std::ostream& progress_;
  play_told* told_ = nullptr;
  std::unique_ptr<herd> phones_;
  std::unique_ptr<herd> crowd_;

  std::optional<window_told> window_;
  steady_time window_from_{};
  std::int64_t window_second_ = 0;
  double server_cpu_ = 0.0;
  double phones_cpu_ = 0.0;
  double database_ = 0.0;
  std::vector<pid_t> servers_;  // those that the window began with

  std::thread meanwhile_;
  std::atomic<bool> stop_{false};
  std::optional<failure> meanwhile_failed_;
  std::size_t round_ = 0;
};

}  // namespace siren::fanout
