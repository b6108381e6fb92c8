#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "guidance_bench/figure.h"
#include "guidance_bench/options.h"
#include "guidance_bench/thread_time.h"

namespace siren::bench {

/// Figures as they come in, each told at once.
class report {
 public:
  report(options const& asked, std::ostream& progress) : asked_{asked}, progress_{progress} {}
  [[nodiscard]] options const& asked() const { return asked_; }
  void say(std::string const& words) { progress_ << words << std::endl; }
  void add(figure taken);
  /// A row that could not be taken, with the reason.
  void skip(std::string part, std::string what, std::string why);
  [[nodiscard]] std::vector<figure> const& figures() const { return figures_; }

 private:
  options const& asked_;
  std::ostream& progress_;
  std::vector<figure> figures_;
};

/// Milliseconds that `act` takes of this thread's processor: what one core needs, whatever else the machine does.
template <typename Act>
[[nodiscard]] double ms_of(Act&& act) {
  auto const began = thread_ms();
  std::forward<Act>(act)();
  return thread_ms() - began;
}

/// The same by the clock on the wall, for what runs in several threads or elsewhere.
template <typename Act>
[[nodiscard]] double wall_ms_of(Act&& act) {
  auto const began = steady_now();
  std::forward<Act>(act)();
  std::chrono::duration<double, std::milli> const took = steady_now() - began;
  return took.count();
}

/// Each run's milliseconds, after one run that warms up.
template <typename Act>
[[nodiscard]] std::vector<double> repeated_ms(int repeats, Act&& act) {
  std::vector<double> runs;
  act();
  for (int i = 0; i < repeats; ++i) runs.push_back(ms_of(act));
  return runs;
}

}  // namespace siren::bench
