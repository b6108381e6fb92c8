#pragma once

#include <cstdint>
#include <map>
#include <variant>
#include <vector>

#include "core/base/ids.h"
#include "core/stream/cursor.h"

namespace siren::swarm {

/// What one phone heard, in order, to be compared with the log afterwards.
struct heard_snapshot {
  cursor at;
  std::vector<zone_id> zones;
};
struct heard_alert {
  cursor at;
  zone_id zone;
};
using heard = std::variant<heard_snapshot, heard_alert>;

/// The log as the database holds it: sequences by zone, rising.
struct logged {
  cursor head;
  std::map<zone_id, std::vector<std::uint64_t>> by_zone;
};

struct verdict_on_delivery {
  std::uint64_t delivered = 0;     // entries that arrived one by one
  std::uint64_t by_snapshot = 0;   // entries that a later snapshot covered
  std::uint64_t missing = 0;       // entries of the phone's zones that it never learned, or learned after a later one
  std::uint64_t out_of_order = 0;  // entries whose sequence was not above the one before

  verdict_on_delivery& operator+=(verdict_on_delivery const& other);
};

/// Promise "no hole", checked against the log itself: between a phone's snapshot and the next one (or the log's head)
/// it must hear every entry of its zones, in order. A phone that never heard a snapshot misses everything.
[[nodiscard]] verdict_on_delivery judge_delivery(std::vector<heard> const& by_phone, logged const& log);

}  // namespace siren::swarm
