#pragma once

#include <map>
#include <vector>

#include "alarm_replay/plain_alarms.h"
#include "core/alert/alert_book.h"
#include "core/zone/zone_picture.h"

namespace siren::replay {

/// The product's alarm logic by itself: official book, zone picture and alert book, as zone_engine strings them
/// together.
class alarm_logic {
 public:
  explicit alarm_logic(zone_map zones) : zones_{std::move(zones)} {}

  /// Appends what phones are told.
  void take(region_alarm const& said, std::vector<alert>& told);
  /// What every zone shows now.
  [[nodiscard]] std::map<zone_id, plain_state> states() const;

 private:
  zone_map zones_;
  zone_policy policy_ = default_zone_policy();
  alert_policy alerts_;
  zone_picture picture_;
  alert_book book_;
};

/// What a sequence of alerts amounts to. Broken: a revision is missing or comes twice, a zone has two alerts at a time,
/// or somebody hears of an alert that has ended.
struct told_history {
  std::map<zone_id, zone_spells> spells;
  std::size_t raised = 0;
  std::size_t ended = 0;
  std::size_t broken = 0;
};
[[nodiscard]] told_history history_of(std::vector<alert> const& told, alarm_history const& zones);

}  // namespace siren::replay
