#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/geo/quantity.h"
#include "core/track/threat_class.h"

namespace siren {

/// Ordered by urgency: a zone shows the highest that any cause asks for.
enum class stage : std::uint8_t { all_clear = 1, prepare = 2, go = 3, take_cover = 4 };
[[nodiscard]] std::string_view name_of(stage s);

/// Who says so. Official outranks ours: analysis may add urgency, never lower or end what an official declared.
enum class issuer : std::uint8_t { official = 1, analysis = 2, city_operator = 3 };
[[nodiscard]] std::string_view name_of(issuer who);

/// Kinds of official alarm (alerts.in.ua, ukrainealarm.com).
enum class alarm_type : std::uint8_t {
  unknown = 0,
  air = 1,
  artillery = 2,
  urban_fights = 3,
  chemical = 4,
  nuclear = 5,
  info = 6,
  carrier = 7  // an aircraft that carries missiles for any place in the country took off (MiG-31K)
};
inline constexpr std::size_t kAlarmTypes = 8;
[[nodiscard]] std::string_view name_of(alarm_type t);

/// What a threat rests on, the surest first.
enum class cause : std::uint8_t {
  unknown = 0,
  declared = 1,  // an official alarm
  ordered = 2,   // by a city operator
  tracked = 3,   // something is followed on its way
  launched = 4,  // something was launched and nothing follows it
  held = 5       // neither is seen now; not long enough ago to end it
};
[[nodiscard]] std::string_view name_of(cause why);

/// When the threat can be over the zone: 5th, 50th and 95th percentile. Never a point: drones loiter, missiles
/// manoeuvre.
struct arrival_interval {
  utc_time earliest;
  utc_time median;
  utc_time latest;
  friend bool operator==(arrival_interval const&, arrival_interval const&) = default;
};

/// From where, as seen from the zone: eight winds. Phones get this, never a position.
enum class octant : std::uint8_t {
  unknown = 0,
  north,
  north_east,
  east,
  south_east,
  south,
  south_west,
  west,
  north_west
};
[[nodiscard]] std::string_view name_of(octant o);
/// The wind nearest to a true course or bearing.
[[nodiscard]] octant octant_of(degrees bearing);

/// One cause of a zone's danger, as phones may see it: merged per (issuer, class) so that it tells what, not where.
struct threat {
  issuer by = issuer::analysis;
  std::string issuer_name;  // "air_force", "oblast_operator", "siren", …; shown to people
  cause why = cause::unknown;
  threat_class kind = threat_class::unknown;
  alarm_type alarm = alarm_type::air;
  stage asks = stage::prepare;
  octant from = octant::unknown;
  std::optional<arrival_interval> arrival;  // absent: unknown, not "never"
  probability entering;                     // lower bound of the chance that the zone is entered within the horizon
  friend bool operator==(threat const&, threat const&) = default;
};

/// What a zone is in. `partly`: only zones inside it are in alarm, not the whole.
struct danger {
  zone_id zone;
  stage level = stage::all_clear;
  bool partly = false;
  std::vector<threat> threats;  // most urgent first; empty when all clear
  friend bool operator==(danger const&, danger const&) = default;
};

/// Where a change came from, carried to the phone so that a delay can be measured and an alert explained.
struct origin {
  trace_id trace;
  std::optional<wall_time> observation_received_at;  // absent: time passed or an operator acted, no observation
  friend bool operator==(origin const&, origin const&) = default;
};

struct danger_change {
  danger now;
  stage before = stage::all_clear;
  utc_time at;
  origin because;
};

}  // namespace siren
