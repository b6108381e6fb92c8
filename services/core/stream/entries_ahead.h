#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "core/stream/cursor.h"

namespace siren {

/// Entries that the bus brought before what lies between, kept until that has come: the bus says each once, and a
/// gateway that is cut off from the log could not learn it again. All are of one epoch. Pure and not thread-safe.
template <typename Entry>
class entries_ahead {
 public:
  /// One transaction of the publisher (publisher_policy::batch). At the limit the furthest one goes; the log has it.
  static constexpr std::size_t kKept = 256;

  /// What board::apply answered with read_log.
  void keep(cursor at, Entry entry) {
    if (at.epoch != epoch_) waiting_.clear();
    epoch_ = at.epoch;
    waiting_.try_emplace(at.seq, std::move(entry));
    if (waiting_.size() > kKept) waiting_.erase(std::prev(waiting_.end()));
  }
  /// The entry right after the place that the board has reached, to be applied; absent: it has not come.
  [[nodiscard]] std::optional<Entry> take_after(cursor reached) {
    if (reached.epoch != epoch_) waiting_.clear();
    waiting_.erase(waiting_.begin(), waiting_.upper_bound(reached.seq));
    auto const first = waiting_.begin();
    if (first == waiting_.end() || first->first != reached.seq + 1) return std::nullopt;
    auto entry = std::move(first->second);
    waiting_.erase(first);
    return entry;
  }

 private:
  std::uint64_t epoch_ = 0;
  std::map<std::uint64_t, Entry> waiting_;
};

}  // namespace siren
