#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "common/alert_log/alert_log.h"

namespace siren {

/// The newest entry of every zone and the place of the newest of all: what a caller may be shown, since it is in the
/// log. Thread-safe.
class alert_board {
 public:
  void reset(alert_log_reader::state const& logged) {
    std::lock_guard const lock{mutex_};
    newest_.clear();
    for (auto const& entry : logged.newest_by_zone) newest_.insert_or_assign(entry.zone, entry);
    head_ = logged.at;
  }
  void put(alert_entry const& entry) {
    std::lock_guard const lock{mutex_};
    newest_.insert_or_assign(entry.zone, entry);
    head_ = {entry.epoch, entry.seq};
  }
  [[nodiscard]] std::optional<alert_entry> newest(zone_id const& zone) const {
    std::lock_guard const lock{mutex_};
    auto const found = newest_.find(zone);
    return found == newest_.end() ? std::nullopt : std::optional{found->second};
  }
  [[nodiscard]] cursor head() const {
    std::lock_guard const lock{mutex_};
    return head_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<zone_id, alert_entry> newest_;
  cursor head_;
};

}  // namespace siren
