#pragma once

#include <cstddef>
#include <set>
#include <tuple>

#include "core/base/result.h"
#include "core/track/class_traits.h"
#include "core/track/observation.h"

namespace siren {

struct intake_policy {
  world serves = world::live;
  /// Ukraine and the launch areas around it, from the Black Sea to Bryansk, Oryol and Savasleyka.
  lat_lon_box theatre{{degrees{43.0}, degrees{20.0}}, {degrees{57.0}, degrees{50.0}}};
  milliseconds future_skew{5000};            // clocks of sensors on NTP are within a second; five allow for a bad one
  class_table classes = kDefaultClassTable;  // of which only freshness_horizon is used
  meters_per_second max_speed{4000};         // Kinzhal, over 10,000 km/h, and room for an error of measuring
  meters max_position_sigma{50'000};         // a report vaguer than an oblast is wide places nothing
  meters_per_second max_velocity_sigma{1000};
  std::uint32_t max_count = 1000;        // largest raid so far: 823
  std::size_t max_name_bytes = 128;      // source, origin and native id; TAK uids are at most 36-64
  std::size_t max_remembered = 500'000;  // reports; ten minutes of 800 a second, about 100 MB
};

/// Remembers what was admitted, to refuse copies. Bounded: a report is forgotten once its time is past every class's
/// horizon (it would be refused as too old), and the oldest go first when `max_remembered` is reached (a later copy of
/// one of those is admitted again and adds some false confidence, no more).
class intake {
 public:
  [[nodiscard]] std::size_t remembered() const { return admitted_.size(); }

 private:
  /// Ordered by time first, so that the oldest are at the front. The place tells reports without a native id apart.
  using key = std::tuple<utc_time, source_id, std::string, double, double>;
  static key key_of(observation const& report);
  friend result<void> admit(intake& state, observation const& report, intake_policy const& policy, utc_time now);
  friend void forget(intake& state, observation const& report);

  std::set<key> admitted_;
};

/// Whether an observation may enter the picture; the first reason that holds otherwise. In this order: missing_field
/// (no source), field_too_long, malformed (control characters; a trace id that is not 32 hexadecimal digits; a class,
/// status or world that does not exist; a class confidence beyond 0 to 1), drill_in_live, live_in_drill, not_finite,
/// latitude_out_of_range, longitude_out_of_range, sigma_out_of_range, speed_out_of_range, count_out_of_range,
/// time_missing (1970-01-01), time_in_future, time_too_old, outside_theatre, duplicate. A refused observation changes
/// nothing. Duplicate: same source, native id and observed_at; without a native id, also the same position.
[[nodiscard]] result<void> admit(intake& state, observation const& report, intake_policy const& policy, utc_time now);

/// Takes an admission back when the observation could not be stored, so that the source's second try is not a
/// duplicate.
void forget(intake& state, observation const& report);

}  // namespace siren
