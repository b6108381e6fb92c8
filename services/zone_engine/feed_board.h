#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "common/alert_log/alert_log.h"

namespace siren {

/// What the picture says about a source.
struct feed_sign {
  source_id source;
  bool official = false;  // declares official alarms
  bool alive = false;
};

/// Which sources live, as the picture says. Thread-safe.
class feed_board {
 public:
  void put(std::vector<feed_sign> const& signs) {
    std::lock_guard const lock{mutex_};
    for (auto const& sign : signs) feeds_[sign.source] = sign;
  }
  /// These and no others.
  void replace(std::vector<feed_sign> const& signs) {
    std::lock_guard const lock{mutex_};
    feeds_.clear();
    for (auto const& sign : signs) feeds_[sign.source] = sign;
  }

  /// LOST without a living official source, DEGRADED while any source is dead, LIVE otherwise.
  [[nodiscard]] picture_state state() const {
    std::lock_guard const lock{mutex_};
    auto official_lives = false;
    auto any_dead = false;
    for (auto const& [source, feed] : feeds_) {
      official_lives = official_lives || (feed.official && feed.alive);
      any_dead = any_dead || !feed.alive;
    }
    if (!official_lives) return picture_state::lost;
    return any_dead ? picture_state::degraded : picture_state::live;
  }

 private:
  mutable std::mutex mutex_;
  std::map<source_id, feed_sign> feeds_;
};

}  // namespace siren
