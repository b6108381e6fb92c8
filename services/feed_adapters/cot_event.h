#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/track/observation.h"

namespace siren {

inline constexpr std::size_t kMaxCotBytes = 65'536;  // a thousand times a real event; TAK servers refuse more, too

/// One Cursor on Target event (MITRE MTR 04W0000100, event schema 2.0) as the wire told it. Unknown numbers (absent,
/// 0, NaN, 999999 or 9999999) are absent; the place is unchecked.
struct cot_event {
  std::string uid;
  std::string type;  // "a-h-A-M-F-Q"
  std::string how;   // "m-g"; "m-s": simulated
  std::string opex;  // "o", "e" exercise, "s" simulation, each with or without "-name"; empty: operation
  utc_time time;
  utc_time stale;
  lat_lon point;
  std::optional<meters> hae;  // above the ellipsoid
  std::optional<meters> ce;   // 1-σ per axis
  std::optional<degrees> course;
  std::optional<meters_per_second> speed;
};

/// A class by the longest known beginning of a type; absent: not in the air, or not hostile, suspect, unknown or
/// pending (of exercises: joker and faker). "a-.-A" with nothing known behind it is threat_class::unknown.
[[nodiscard]] std::optional<threat_class> class_of_cot_type(std::string_view type);

/// What the intake shall judge. `now` is compared with the event's stale time.
/// Failure: missing_field (uid, type), field_too_long, malformed (names; a course beyond 0 to 360), time_missing,
/// not_a_threat, speed_out_of_range (below 0), time_too_old (stale).
[[nodiscard]] result<observation> observation_of(cot_event const& event, source_id const& source, utc_time now);

/// An unknown number as Cursor on Target writes it: not finite, 0, 999999 or 9999999.
[[nodiscard]] bool cot_unknown(double value);

}  // namespace siren
