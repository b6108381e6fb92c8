#pragma once

#include <optional>
#include <span>

#include "core/track/observation.h"
#include "core/track/track_policy.h"

namespace siren {

/// A report as the filter takes it.
struct reading {
  lat_lon place;
  meters place_sigma;  // per axis
  std::optional<ground_velocity> velocity;
  meters_per_second velocity_sigma;
  bool fused = false;
};
[[nodiscard]] reading reading_of(observation const& report, track_policy const& policy);

/// What is believed of one object's flight: two models around a place.
struct flight_state {
  utc_time at;
  lat_lon place;  // origin of the plane that the models live in
  imm_state models;
};

/// Of one report. Without a measured velocity the speed is the class's typical one, in no direction.
[[nodiscard]] flight_state flight_from(reading const& first, utc_time at, class_traits const& traits,
                                       imm_policy const& rules);
/// From a state that was kept as one Gaussian.
[[nodiscard]] flight_state flight_from(track const& kept, imm_policy const& rules);

/// Ahead to `to`, in the same plane. Earlier than its time: the same state.
[[nodiscard]] flight_state flown(flight_state const& from, utc_time to, imm_policy const& rules);

/// How well a reading fits a flight of the same time. Squared distances are of the model that explains it better, as
/// the gate of a manoeuvring target is that of its widest model (Bar-Shalom, Li & Kirubarajan 2001, 11.6.7).
/// `surprise` is -2 ln of the mixture's likelihood, m and m/s.
struct fit {
  double place_squared = 0.0;
  double whole_squared = 0.0;  // place and, where measured, velocity
  double place_surprise = 0.0;
  double whole_surprise = 0.0;
};
[[nodiscard]] fit fit_of(flight_state const& flight, reading const& seen, track_policy const& policy);

struct weighted_reading {
  reading seen;
  double weight = 1.0;
};

/// The flight after readings of one time of which at most one is of this object, each with the chance that it is that
/// one; what is left of 1 is that none is (probabilistic data association under interacting models: Bar-Shalom, Chang &
/// Blom 1991). One reading of weight 1 is the plain update. The plane moves to the new place.
///
/// A measured velocity far from what both models expect is a turn: what was known of the velocity gives way to it.
/// A fused reading is taken by covariance intersection (Julier & Uhlmann 1997), so that repeating it, or having its
/// parts already, makes nothing surer than the surer of both; the models' weights stay.
[[nodiscard]] flight_state taken(flight_state const& flight, std::span<weighted_reading const> readings,
                                 track_policy const& policy);

/// One Gaussian in the plane of the flight's place.
[[nodiscard]] kalman_state as_one(flight_state const& flight);

}  // namespace siren
