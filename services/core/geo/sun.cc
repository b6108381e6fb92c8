#include "core/geo/sun.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace siren {
namespace {

constexpr double kSunsetElevation = -0.833;
constexpr double kDaysPerCentury = 36'525.0;
constexpr double kJ2000SinceEpochDays = 10'957.5;  // 2000-01-01T12:00Z since 1970-01-01T00:00Z
constexpr double kMicrosecondsPerDay = 86'400e6;

double radians(double deg) {
  return deg * std::numbers::pi / 180.0;
}
double sine(double deg) {
  return std::sin(radians(deg));
}
double cosine(double deg) {
  return std::cos(radians(deg));
}

struct sun_place {
  double declination = 0.0;       // degrees
  double equation_of_time = 0.0;  // minutes that a sundial is ahead of the clock
};

sun_place sun_at(double century) {
  auto const mean_longitude = std::fmod(280.46646 + century * (36'000.76983 + century * 0.0003032), 360.0);
  auto const anomaly = 357.52911 + century * (35'999.05029 - 0.0001537 * century);
  auto const eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century);
  auto const centre = sine(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century)) +
                      sine(2 * anomaly) * (0.019993 - 0.000101 * century) + sine(3 * anomaly) * 0.000289;
  auto const node = 125.04 - 1'934.136 * century;
  auto const longitude = mean_longitude + centre - 0.00569 - 0.00478 * sine(node);
  auto const seconds_of_arc = 21.448 - century * (46.815 + century * (0.00059 - century * 0.001813));
  auto const obliquity = 23.0 + (26.0 + seconds_of_arc / 60.0) / 60.0 + 0.00256 * cosine(node);
  auto const y = std::pow(std::tan(radians(obliquity / 2.0)), 2);
  auto const equation = y * sine(2 * mean_longitude) - 2 * eccentricity * sine(anomaly) +
                        4 * eccentricity * y * sine(anomaly) * cosine(2 * mean_longitude) -
                        0.5 * y * y * sine(4 * mean_longitude) - 1.25 * eccentricity * eccentricity * sine(2 * anomaly);
  return {std::asin(sine(obliquity) * sine(longitude)) * 180.0 / std::numbers::pi,
          4.0 * equation * 180.0 / std::numbers::pi};
}

}  // namespace

degrees sun_elevation(lat_lon place, utc_time at) {
  auto const days = static_cast<double>(at.time_since_epoch().count()) / kMicrosecondsPerDay;
  auto const sun = sun_at((days - kJ2000SinceEpochDays) / kDaysPerCentury);
  auto const minutes_of_day = (days - std::floor(days)) * 1'440.0;
  auto const hour_angle = (minutes_of_day + sun.equation_of_time + 4.0 * place.lon.value) / 4.0 - 180.0;
  auto const height = sine(place.lat.value) * sine(sun.declination) +
                      cosine(place.lat.value) * cosine(sun.declination) * cosine(hour_angle);
  return degrees{std::asin(std::clamp(height, -1.0, 1.0)) * 180.0 / std::numbers::pi};
}

bool sun_is_down(lat_lon place, utc_time at) {
  return sun_elevation(place, at).value < kSunsetElevation;
}

}  // namespace siren
