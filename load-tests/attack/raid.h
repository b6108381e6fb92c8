#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/geo/position.h"
#include "core/track/threat_class.h"

namespace siren::attack {

/// One row of a raid's table: `count` objects of one class from one area to one target, `stopped` of them on the way.
struct raid_group {
  threat_class kind = threat_class::unknown;
  std::uint32_t count = 0;
  std::uint32_t stopped = 0;
  std::string launch_name;
  lat_lon launch;
  std::string target_name;
  lat_lon target;
  minutes first{};
  minutes last{};
};

struct way_point {
  utc_time at;
  lat_lon place;
};

/// The truth about one object. Flies straight between way points at an even pace and is gone after the last one.
struct flight {
  std::uint32_t number = 0;
  threat_class kind = threat_class::unknown;
  std::string launch_name;
  std::string target_name;
  std::vector<way_point> path;  // at least two, times rising
  bool stopped = false;         // shot down at the last way point; otherwise that is the target

  [[nodiscard]] utc_time begins() const { return path.front().at; }
  [[nodiscard]] utc_time ends() const { return path.back().at; }
  /// `at` within [begins, ends].
  [[nodiscard]] lat_lon place_at(utc_time at) const;
  [[nodiscard]] meters_per_second speed_at(utc_time at) const;
  [[nodiscard]] degrees course_at(utc_time at) const;
};

struct raid {
  utc_time begins;
  utc_time ends;
  std::vector<flight> flights;
};

/// Failure: FILE_UNREADABLE, or MALFORMED with the line.
[[nodiscard]] result<std::vector<raid_group>> read_raid_table(std::string const& file);

/// The flights of a raid, the same for the same seed. When `city_centre` is not Kyiv, every place is moved so that what
/// Kyiv saw, that city sees: same distances and courses.
[[nodiscard]] raid make_raid(std::vector<raid_group> const& groups, utc_time begins, minutes length, std::uint64_t seed,
                             lat_lon city_centre);

inline constexpr lat_lon kKyivCentre{degrees{50.45}, degrees{30.5236}};

/// A place of the Kyiv night as it lies around another city.
[[nodiscard]] lat_lon moved_to(lat_lon kyiv_place, lat_lon city_centre);

}  // namespace siren::attack
