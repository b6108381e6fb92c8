#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/target_index.h"

namespace siren {

/// How many people the plan may send to each target. Outside an alarm: capacity − inside. In an alarm reservations are
/// soft: people who come are taken to be those who were sent, until more come than were sent, so
/// room = capacity − inside before − surplus, where surplus = came − sent when that is positive. `sent` is the most
/// that were sent there during the alarm: who was sent and then told otherwise may have come all the same. Promise
/// "soft reservations".
class room_ledger {
 public:
  explicit room_ledger(std::size_t targets) : targets_(targets) {}

  void set(target_index t, bool open, std::uint32_t capacity, std::uint32_t inside) {
    auto& at = targets_[t.value];
    at.open = open;
    at.capacity = capacity;
    at.inside = inside;
    at.before = alarm_ ? std::min(at.before, inside) : inside;
  }
  /// From the first area that is told to go until the last one's all-clear.
  void alarm_is(bool running) {
    if (alarm_ == running) return;
    alarm_ = running;
    for (auto& at : targets_) {
      at.before = at.inside;
      at.sent = 0;
    }
  }
  [[nodiscard]] bool alarm() const { return alarm_; }
  void sent_is(target_index t, std::uint32_t people) {
    auto& at = targets_[t.value];
    at.sent = std::max(at.sent, people);
  }

  /// What an alarm found and sent at a target of an earlier ledger.
  void take_over(target_index t, room_ledger const& from, target_index old) {
    auto& at = targets_[t.value];
    auto const& was = from.targets_[old.value];
    at.before = std::min(was.before, at.inside);
    at.sent = was.sent;
  }

  [[nodiscard]] bool open(target_index t) const { return targets_[t.value].open; }
  [[nodiscard]] std::uint32_t capacity(target_index t) const { return targets_[t.value].capacity; }
  /// 0 when it takes nobody.
  [[nodiscard]] std::uint32_t room(target_index t) const {
    auto const& at = targets_[t.value];
    auto const taken = std::uint64_t{at.before} + surplus(at);
    return at.open && at.capacity > taken ? static_cast<std::uint32_t>(at.capacity - taken) : 0;
  }
  /// Inside in the end when `sent` people come.
  [[nodiscard]] std::uint64_t expected(target_index t, std::uint32_t sent) const {
    auto const& at = targets_[t.value];
    return std::uint64_t{at.before} + surplus(at) + sent;
  }

 private:
  struct entry {
    std::uint32_t capacity = 0;
    std::uint32_t inside = 0;
    std::uint32_t before = 0;
    std::uint32_t sent = 0;
    bool open = false;
  };
  static std::uint32_t surplus(entry const& at) {
    auto const came = at.inside - at.before;
    return came > at.sent ? came - at.sent : 0;
  }

  std::vector<entry> targets_;
  bool alarm_ = false;
};

}  // namespace siren
