#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>

namespace siren {

/// Epochs that were left for another. Their numbers are random, so nothing but having been there tells an old one; an
/// old one that comes back is a database put back to a copy from before, or a gateway that is cut off from it.
class left_epochs {
 public:
  /// A log is put back a few times in its life; the oldest is forgotten.
  static constexpr std::size_t kKept = 16;

  void leave(std::uint64_t epoch) {
    if (contains(epoch)) return;
    epochs_.push_back(epoch);
    if (epochs_.size() > kKept) epochs_.pop_front();
  }
  [[nodiscard]] bool contains(std::uint64_t epoch) const {
    return std::find(epochs_.begin(), epochs_.end(), epoch) != epochs_.end();
  }

 private:
  std::deque<std::uint64_t> epochs_;
};

}  // namespace siren
