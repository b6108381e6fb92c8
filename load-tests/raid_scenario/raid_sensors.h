#pragma once

#include <string>
#include <vector>

#include "raid_scenario/raid_truth.h"

namespace siren::raids {

/// A simulated network of sensors: what it sees, how well, how late. Figures are plausible for radar, acoustic,
/// spotters' and partners' networks; no real one is described.
struct sensor {
  std::string name;
  plane_point place;
  meters reach;
  meters position_sigma;                            // near by, per axis
  double sigma_per_meter = 0.0;                     // more with distance (an angle's error)
  std::optional<meters_per_second> velocity_sigma;  // absent: measures places only
  double period_s = 10.0;                           // from look to look
  double fast_period_s = 4.0;                       // at what flies faster than 150 m/s
  double miss = 0.1;                                // chance that a look at one object gives nothing
  double tells_class = 0.0;                         // chance that a report names the class ...
  double right_class = 0.95;                        // ... and that it is the right one
  double clutter_per_minute = 0.0;                  // reports of nothing, even over the area
  double shortest_delay_s = 0.5;                    // from observing to arriving here
  double longest_delay_s = 2.0;
  double clock_bias_s = 0.0;   // its clock is ahead by so much
  meters resolves{0.0};        // objects closer to each other are one report with a count
  bool hears_missiles = true;  // ballistic and supersonic ones are too high for some
  bool names_objects = false;  // the same native_id for the same object
  bool fused = false;          // an estimate of others' reports: its errors last for minutes
  std::string relays;          // also passes on some reports of this sensor, as copies
};

/// Two radars, an acoustic network, observer posts and a partner's fused feed that relays the first radar's plots.
/// Clock biases are drawn from the seed.
[[nodiscard]] std::vector<sensor> five_sensors(std::uint64_t seed);

struct timed_report {
  utc_time arrives;
  observation seen;
  std::int32_t truth = -1;  // index of the true object, of a group any one of it; -1: nothing is there
};

/// Everything that arrives during a raid, in order of arrival. The same for the same arguments.
[[nodiscard]] std::vector<timed_report> make_reports(std::vector<true_object> const& truth,
                                                     std::vector<sensor> const& sensors, raid_plan const& plan);

}  // namespace siren::raids
