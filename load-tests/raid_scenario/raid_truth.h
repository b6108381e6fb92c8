#pragma once

#include <cstdint>
#include <vector>

#include "core/base/time.h"
#include "core/geo/position.h"
#include "core/track/observation.h"

namespace siren::raids {

/// Everything happens in one plane around this place (Kyiv); launch areas lie outside the square of zones.
inline constexpr lat_lon kRaidCentre{degrees{50.45}, degrees{30.5236}};

struct raid_plan {
  std::uint64_t seed = 1;
  std::uint32_t drones = 100;  // decoys and the two crossing swarms included
  std::uint32_t decoys = 15;
  std::uint32_t swarm = 8;  // drones in each of the two swarms whose paths cross
  std::uint32_t cruise_missiles = 6;
  std::uint32_t supersonic_missiles = 1;
  std::uint32_t ballistic_missiles = 3;
  std::uint32_t waves = 4;
  seconds between_waves{480};
  seconds length{4500};        // nothing flies on after this, or starts
  double loitering = 0.2;      // share of drones that fly circles on their way
  double stopped_share = 0.5;  // shot down in the second half of their way
  utc_time begins{std::chrono::seconds{1'800'000'000}};
};

struct true_state {
  plane_point place;
  ground_velocity velocity;
};

/// One thing in the air, second by second.
struct true_object {
  threat_class kind = threat_class::unknown;
  bool decoy = false;             // flies like a drone, is seen worse
  bool stopped = false;           // shot down at the end of its path
  std::uint32_t group = 0;        // of a swarm, 0 none
  std::int64_t first_second = 0;  // of the raid
  std::vector<true_state> path;   // at least one

  [[nodiscard]] std::int64_t end_second() const { return first_second + static_cast<std::int64_t>(path.size()) - 1; }
  [[nodiscard]] bool flies_at(double second) const {
    return second >= static_cast<double>(first_second) && second <= static_cast<double>(end_second());
  }
  /// Between two seconds on the straight line. Needs flies_at(second).
  [[nodiscard]] true_state at(double second) const;
};

/// The same for the same plan. Drones fly legs of a route in waves from three launch areas, turn at 3-4° a second, some
/// loiter in circles; cruise missiles fly legs, ballistic and supersonic ones nearly straight with the speed of their
/// phase of flight.
[[nodiscard]] std::vector<true_object> make_truth(raid_plan const& plan);

}  // namespace siren::raids
