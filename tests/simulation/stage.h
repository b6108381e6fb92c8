#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <ostream>
#include <vector>

#include "core/base/time.h"

namespace siren::simulation {

/// splitmix64 (Steele, Lea, Flood 2014): the one source of chance in a run.
class dice {
 public:
  explicit dice(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() {
    auto z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  /// In [0, below).
  std::uint64_t pick(std::uint64_t below) { return next() % below; }
  bool chance(std::uint64_t permille) { return pick(1'000) < permille; }
  /// In [from, to].
  milliseconds between(std::int64_t from_ms, std::int64_t to_ms) {
    return milliseconds{from_ms + static_cast<std::int64_t>(pick(static_cast<std::uint64_t>(to_ms - from_ms + 1)))};
  }

 private:
  std::uint64_t state_;
};

/// Time and everything that will happen, in one thread: acts run in order of their time, and of their asking within
/// one instant. Same seed, same run.
class stage_of_events {
 public:
  explicit stage_of_events(std::uint64_t seed) : random{seed} {}

  using act = std::function<void()>;
  void after(milliseconds delay, act what) { at(now_ + delay, std::move(what)); }
  void at(steady_time when, act what) {
    waiting_.push_back({std::max(when, now_), ++asked_, std::move(what)});
    std::push_heap(waiting_.begin(), waiting_.end(), later);
  }
  /// Runs the next act if it is due by `until`; false: time is `until` now.
  bool step(steady_time until) {
    if (waiting_.empty() || waiting_.front().when > until) {
      now_ = until;
      return false;
    }
    std::pop_heap(waiting_.begin(), waiting_.end(), later);
    auto const next = std::move(waiting_.back());
    waiting_.pop_back();
    now_ = next.when;
    next.what();
    return true;
  }
  [[nodiscard]] steady_time now() const { return now_; }
  [[nodiscard]] std::int64_t now_ms() const {
    return std::chrono::duration_cast<milliseconds>(now_.time_since_epoch()).count();
  }

  /// One line of the run's story, when somebody wants to read it.
  template <typename... Part>
  void tell(Part const&... parts) {
    if (story == nullptr) return;
    *story << now_ms() - 3'600'000 << " ms  ";
    (*story << ... << parts) << '\n';
  }

  dice random;
  std::ostream* story = nullptr;

 private:
  struct waiting {
    steady_time when;
    std::uint64_t order = 0;
    act what;
  };
  static bool later(waiting const& a, waiting const& b) {
    return a.when != b.when ? a.when > b.when : a.order > b.order;
  }
  steady_time now_{hours{1}};  // a machine that has been up for a while
  std::uint64_t asked_ = 0;
  std::vector<waiting> waiting_;
};

}  // namespace siren::simulation
