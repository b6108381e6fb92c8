#pragma once

#include <map>
#include <set>
#include <tuple>

#include "core/track/intake.h"
#include "core/zone/region_alarm.h"
#include "threat_ingest/sources.h"

namespace siren {

/// Judges official region alarms and remembers the newest word of every source on every region and type (so bounded by
/// them). Pure.
class alarm_intake {
 public:
  explicit alarm_intake(std::set<zone_id> regions) : regions_{std::move(regions)} {}

  /// Whether an alarm may enter the picture; the first reason that holds otherwise. In this order: missing_field
  /// (region), field_too_long, malformed (control characters, no such world), drill_in_live, live_in_drill,
  /// source_not_official, unknown_region, time_missing, time_in_future, time_too_old (this source said something
  /// newer), duplicate. There is no maximum age: one alarm has run since April 2022. At equal times the later word
  /// counts.
  [[nodiscard]] result<void> admit(region_alarm const& alarm, source_kind from, intake_policy const& policy,
                                   utc_time now);

  /// The alarm could not be stored: sent again, it is no duplicate.
  void not_stored(region_alarm const& alarm);
  /// It is stored after all.
  void stored(region_alarm const& alarm);

  void restore(region_alarm const& alarm);
  /// The newest words, ended alarms included.
  [[nodiscard]] std::vector<region_alarm> all() const;

 private:
  struct word {
    region_alarm alarm;
    bool stored = true;
  };
  using key = std::tuple<source_id, zone_id, alarm_type>;
  static key key_of(region_alarm const& alarm) { return {alarm.source, alarm.region, alarm.type}; }

  std::set<zone_id> regions_;
  std::map<key, word> newest_;
};

}  // namespace siren
