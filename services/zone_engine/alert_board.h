#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "common/alert_log/alert_log.h"

namespace siren {

/// The newest alert of every zone and the head of the log: what a caller may be shown. Thread-safe.
class alert_board {
 public:
  void reset(alert_log_reader::state const& logged) {
    std::lock_guard const lock{mutex_};
    logged_.clear();
    provisional_.clear();
    for (auto const& entry : logged.newest_by_zone) logged_.insert_or_assign(entry.zone, entry);
    head_ = logged.at;
  }
  void put(alert_entry const& entry) {
    std::lock_guard const lock{mutex_};
    logged_.insert_or_assign(entry.zone, entry);
    head_ = {entry.epoch, entry.seq};
    auto const early = provisional_.find(entry.zone);
    if (early != provisional_.end() && early->second.alert == entry.alert && early->second.rev <= entry.rev)
      provisional_.erase(early);
  }
  /// Decided and kept, but not logged: without a place.
  void put_provisional(alert_entry const& entry) {
    std::lock_guard const lock{mutex_};
    provisional_.insert_or_assign(entry.zone, entry);
  }

  /// What holds in the zone, logged or not.
  [[nodiscard]] std::optional<alert_entry> newest(zone_id const& zone) const {
    std::lock_guard const lock{mutex_};
    if (auto const early = provisional_.find(zone); early != provisional_.end()) return early->second;
    auto const found = logged_.find(zone);
    return found == logged_.end() ? std::nullopt : std::optional{found->second};
  }
  [[nodiscard]] std::optional<alert_entry> newest_logged(zone_id const& zone) const {
    std::lock_guard const lock{mutex_};
    auto const found = logged_.find(zone);
    return found == logged_.end() ? std::nullopt : std::optional{found->second};
  }
  /// The newest of every zone in the log.
  [[nodiscard]] std::map<zone_id, alert_entry> logged() const {
    std::lock_guard const lock{mutex_};
    return logged_;
  }
  [[nodiscard]] cursor head() const {
    std::lock_guard const lock{mutex_};
    return head_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<zone_id, alert_entry> logged_;
  std::map<zone_id, alert_entry> provisional_;
  cursor head_;
};

}  // namespace siren
