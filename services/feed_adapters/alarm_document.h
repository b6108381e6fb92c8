#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/zone/danger.h"

namespace siren {

/// One alarm as a provider's answer tells it: running since `changed_at`, or ended then.
struct told_alarm {
  zone_id region;
  alarm_type type = alarm_type::unknown;  // a type that we don't know is shown and not sounded
  std::string native_id;                  // may be empty
  bool active = true;
  utc_time changed_at;
  friend bool operator==(told_alarm const&, told_alarm const&) = default;
};

/// An entry that could not be read. Nothing follows from the absence of its region: it may be this entry's.
struct refused_alarm {
  std::optional<zone_id> region;  // where that much could be read
  failure because;
};

/// A provider's whole answer: every alarm that runs in the country. Absence means clear, so what was refused is kept.
struct alarm_document {
  std::vector<told_alarm> alarms;
  std::vector<refused_alarm> refused;
};

}  // namespace siren
