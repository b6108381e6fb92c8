#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/stream/zone_index.h"

namespace siren {

class phone_line;
using line_ptr = std::shared_ptr<phone_line>;

/// Every open stream by the loop it lives on, and who listens to which zone. Thread-safe; calls no line.
class phone_registry {
 public:
  /// Streams are looked at in turns, so that heartbeats spread over time instead of coming as one burst.
  static constexpr std::size_t kTurns = 10;

  phone_registry(std::size_t most, std::size_t loops) : most_{most}, loops_(loops) {}

  /// False: as many streams as allowed are open.
  [[nodiscard]] bool admit(line_ptr const& line, std::size_t loop);
  void listens(line_ptr const& line, std::size_t loop, std::vector<zone_id> const& before,
               std::vector<zone_id> const& now);
  void left(line_ptr const& line, std::size_t loop, std::vector<zone_id> const& zones);
  /// Its first word waits for the log to be read; until it is taken or has left.
  void waits_for_log(line_ptr const& line, std::size_t loop);
  [[nodiscard]] std::vector<line_ptr> take_waiting(std::size_t loop);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::vector<line_ptr> of(zone_id const& zone, std::size_t loop) const;
  [[nodiscard]] std::vector<line_ptr> of_turn(std::size_t turn, std::size_t loop) const;
  [[nodiscard]] std::vector<line_ptr> of_loop(std::size_t loop) const;
  /// False: after `at_most` some were still open.
  [[nodiscard]] bool wait_empty(milliseconds at_most) const;

 private:
  [[nodiscard]] static std::size_t turn_of(line_ptr const& line) {
    return std::hash<line_ptr>{}(line) / 64 % kTurns;  // lines lie at multiples of their alignment
  }

  struct loop_lines {
    std::array<std::unordered_set<line_ptr>, kTurns> turns;
    zone_index<line_ptr> by_zone;
    std::unordered_set<line_ptr> waiting;
  };

  std::size_t most_;
  mutable std::mutex mutex_;
  mutable std::condition_variable emptied_;
  std::size_t size_ = 0;
  std::vector<loop_lines> loops_;
};

}  // namespace siren
