#pragma once

#include <string>
#include <vector>

#include "attack/raid.h"
#include "core/zone/zone_map.h"
#include "siren/threats/v1/threat_feed_service.pb.h"

namespace siren::attack {

/// A simulated sensor network: what it sees, how well, how late. Deliberately imperfect: misses, noise, false reports.
struct sensor {
  std::string name;
  lat_lon centre;
  meters reach;
  meters position_sigma;
  std::optional<meters_per_second> velocity_sigma;  // absent: measures places only
  seconds period;                                   // between two looks at one slow object
  seconds fast_period;                              // at a missile
  double miss = 0.0;                                // chance that a look gives nothing
  double tells_class = 1.0;                         // chance that a report names the class
  seconds shortest_delay;
  seconds longest_delay;
  double false_reports_per_hour = 0.0;
  bool missiles_only = false;
  bool tells_launches = false;  // of what leaves no time to be followed
};

/// The one of sensors_around() that an instance may trust alone: nothing else sees a missile before it is near.
inline constexpr char kTrustedSensor[] = "early_warning";

/// The networks around Kyiv, moved to the city. Figures are plausible ones for radar, acoustic and early-warning
/// networks; no real sensor is described.
[[nodiscard]] std::vector<sensor> sensors_around(lat_lon city_centre);

/// One record as a feed sends it.
struct timed_record {
  utc_time send_at;
  std::uint32_t feed = 0;  // index into timeline::feeds
  threats::v1::StreamThreatsRequest record;
};

struct feed_info {
  std::string source;
  bool official = false;
};

/// Everything that all feeds send during a raid, in order of sending. Marked EXERCISE throughout.
struct timeline {
  utc_time begins;
  utc_time ends;
  std::vector<feed_info> feeds;
  std::vector<timed_record> records;
};

/// What the sensors say of a raid, and the alarms that two official channels declare for zones of kind raion and city
/// at plausible moments: 8-15 s after the cause is seen, ended a while after the last threat. The same for the same
/// seed.
[[nodiscard]] timeline make_timeline(raid const& truth, std::vector<sensor> const& sensors, zone_map const& zones,
                                     std::uint64_t seed);

}  // namespace siren::attack
