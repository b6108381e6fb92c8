#pragma once

#include <array>

#include "core/base/time.h"
#include "core/geo/quantity.h"
#include "core/track/threat_class.h"

namespace siren {

/// Power spectral density of a white-noise acceleration, m²/s³ per axis: after t seconds without a report the velocity
/// is uncertain by √(density · t) m/s.
using acceleration_density = quantity<struct acceleration_density_unit>;

/// What is believed about everything of one threat class.
struct class_traits {
  meters_per_second min_speed;
  meters_per_second typical_speed;
  meters_per_second max_speed;
  acceleration_density maneuver;
  meters position_sigma;             // of a report that states none
  meters_per_second velocity_sigma;  // of a measured velocity that states none
  std::uint32_t confirm_hits;        // reports that turn a tentative track into a confirmed one
  seconds tentative_limit;           // a tentative track not confirmed for so long since its last report was noise
  seconds coast_limit;               // a confirmed track ends so long after its last report
  seconds freshness_horizon;         // an older observation updates nothing
  meters max_altitude;               // higher than this it doesn't fly
};

using class_table = std::array<class_traits, kThreatClasses>;
[[nodiscard]] inline class_traits const& traits_of(class_table const& table, threat_class kind) {
  return table[static_cast<std::size_t>(kind)];
}

/// Speeds: Air Force and press figures per class (drone 120-200 km/h, jet drone 350-600, cruise 700-1,000, Kh-22 to
/// 4,000, Iskander 1,500-3,000 effective and 7,500 peak, Kinzhal over 10,000, Zircon 9,800, S-300 over 3,600, bomb
/// 900), opened by about 15 % and, for drones, by 20 m/s of wind. Manoeuvre: a 1-minute gap leaves about the velocity
/// change that the class can make in a minute of flight to a target (a drone 8 m/s; a ballistic missile, which brakes
/// and dives, 150 m/s). Sigmas: acoustic and visual networks for slow targets, radar for fast ones. Hits: one report of
/// something that lands in minutes is enough, since a false warning costs less than none. Limits: drones drop below the
/// radar horizon for minutes; a missile unseen for longer than its flight is down. Altitudes: drones 50 m - 4 km, jet
/// drones to 9 km, cruise missiles 20-150 m and Kh-59 to 1 km, bombs from where bombers fly; opened by about a tenth.
/// All are a first setting, to be replaced by figures from recorded raids.
inline constexpr class_table kDefaultClassTable{{
    // min, typical, max m/s; m²/s³; σ m; σ m/s; hits; tentative, coast, fresh; max altitude m
    /* unknown */
    {meters_per_second{15}, meters_per_second{120}, meters_per_second{3500}, acceleration_density{5}, meters{1000},
     meters_per_second{20}, 3, seconds{120}, seconds{180}, seconds{600}, meters{100000}},
    /* drone */
    {meters_per_second{20}, meters_per_second{45}, meters_per_second{80}, acceleration_density{1}, meters{500},
     meters_per_second{5}, 3, seconds{120}, seconds{180}, seconds{600}, meters{4500}},
    /* jet_drone */
    {meters_per_second{80}, meters_per_second{130}, meters_per_second{190}, acceleration_density{5}, meters{500},
     meters_per_second{10}, 3, seconds{90}, seconds{180}, seconds{300}, meters{10000}},
    /* cruise_missile */
    {meters_per_second{165}, meters_per_second{230}, meters_per_second{320}, acceleration_density{10}, meters{500},
     meters_per_second{20}, 2, seconds{90}, seconds{180}, seconds{300}, meters{2000}},
    /* supersonic_missile */
    {meters_per_second{300}, meters_per_second{900}, meters_per_second{1300}, acceleration_density{100}, meters{500},
     meters_per_second{50}, 1, seconds{60}, seconds{120}, seconds{180}, meters{30000}},
    /* ballistic_missile */
    {meters_per_second{350}, meters_per_second{700}, meters_per_second{2400}, acceleration_density{400}, meters{500},
     meters_per_second{100}, 1, seconds{60}, seconds{120}, seconds{180}, meters{100000}},
    /* aeroballistic_missile */
    {meters_per_second{350}, meters_per_second{2000}, meters_per_second{3500}, acceleration_density{400}, meters{500},
     meters_per_second{100}, 1, seconds{60}, seconds{120}, seconds{180}, meters{100000}},
    /* hypersonic_missile */
    {meters_per_second{500}, meters_per_second{2200}, meters_per_second{3200}, acceleration_density{400}, meters{500},
     meters_per_second{100}, 1, seconds{60}, seconds{120}, seconds{180}, meters{60000}},
    /* surface_to_air_missile */
    {meters_per_second{350}, meters_per_second{1000}, meters_per_second{2000}, acceleration_density{400}, meters{500},
     meters_per_second{100}, 1, seconds{60}, seconds{90}, seconds{180}, meters{60000}},
    /* guided_bomb */
    {meters_per_second{150}, meters_per_second{250}, meters_per_second{320}, acceleration_density{5}, meters{500},
     meters_per_second{20}, 2, seconds{60}, seconds{120}, seconds{180}, meters{16000}},
}};

}  // namespace siren
