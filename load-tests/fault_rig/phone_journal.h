#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/stream/cursor.h"
#include "core/zone/danger.h"

namespace siren::faults {

/// One thing that happened to a phone, as its journal has it.
struct phone_event {
  enum class kind : std::uint8_t {
    snapshot,      // `at`, `zones`
    continuation,  // `at`
    sounded,       // an alert out of the log, new to its owner: `at`, `zone`, `alert`, `rev`
    early,         // a provisional alert, sounded: `zone`, `alert`, `rev`
    merged,        // an alert out of the log that its owner knows already: `at`, `zone`, `alert`, `rev`
    current,       // what it shows is current from now on
    unknown,       // from now on it is not
    left,          // the stream ended
  };
  kind what = kind::left;
  wall_time when{};
  cursor at{};
  zone_id zone{};
  alert_id alert{};
  std::uint32_t rev = 0;
  stage level = stage::all_clear;
  /// When ingest had the observation behind a sounded alert; absent: nobody's observation.
  std::optional<wall_time> caused_at{};
  std::vector<zone_id> zones{};
  /// Of a snapshot: the zones in alarm.
  std::map<zone_id, stage> in_alarm{};
};
using phone_journal = std::vector<phone_event>;

/// One entry of the log, as the database holds it at the end.
struct log_row {
  cursor at;
  zone_id zone;
  alert_id alert;
  std::uint32_t rev = 0;
  wall_time logged_at;  // when it could be read
};
struct whole_log {
  cursor head;
  std::vector<log_row> rows;  // by epoch as they were written, rising sequences: one order for all of them
};

}  // namespace siren::faults
