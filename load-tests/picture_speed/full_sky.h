#pragma once

#include <cstdint>
#include <vector>

#include "core/track/tracker.h"

namespace siren::picture_speed {

struct sky_plan {
  std::uint32_t objects = 1'000;
  std::uint32_t reports_per_second = 10'000;  // of all five networks together
  std::uint32_t clutter_per_second = 20;      // reports of nothing
  double fast_share = 0.05;                   // missiles among the objects
  double late_share = 0.2;                    // reports that arrive a second or two after the others
  std::uint64_t seed = 1;
};

/// Objects that fly straight legs with turns over 1,200 x 800 km around Kyiv, half of them towards the city in a
/// stream, and every second's reports of five networks that look several times a second.
class full_sky {
 public:
  explicit full_sky(sky_plan const& plan);
  /// What arrives in the second that begins at `now`; call for one second after the other.
  [[nodiscard]] std::vector<observation> reports_of(utc_time now);

 private:
  struct object {
    threat_class kind = threat_class::drone;
    double east = 0.0;
    double north = 0.0;
    double course = 0.0;
    double speed = 0.0;
  };
  double unit();
  double normal();
  [[nodiscard]] observation plot(std::uint32_t network, utc_time at, double east, double north);

  sky_plan plan_;
  std::uint64_t state_;
  std::vector<object> objects_;
  std::vector<observation> late_;
};

}  // namespace siren::picture_speed
