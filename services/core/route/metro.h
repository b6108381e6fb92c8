#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/geo/quantity.h"
#include "core/shelter/shelter.h"

namespace siren {

using metro_line_id = strong_id<struct metro_line_tag>;

/// A station on a line and the link to the line's next stop. A station may stand on several lines.
struct metro_stop {
  shelter_id station;
  bool surface = false;  // closes in an alarm, and no train comes
  /// From the arrival here to the arrival at the next stop, the same both ways; 0: no track leads on (the line's end or
  /// a gap in the list).
  seconds run{};
  bool exposed = false;  // the link crosses a bridge or runs above ground: no train in an alarm
  friend bool operator==(metro_stop const&, metro_stop const&) = default;
};

/// Both ends included, in either order; stops of one line.
struct metro_stretch {
  shelter_id from;
  shelter_id to;
  friend bool operator==(metro_stretch const&, metro_stretch const&) = default;
};

struct metro_line {
  metro_line_id id;
  std::string name_uk;
  std::string name_en;
  seconds headway{};              // between trains of one direction by day; 0: unknown
  std::vector<metro_stop> stops;  // in order
  /// The city's rule: where trains run in an alarm. Absent: on every link below ground.
  std::optional<std::vector<metro_stretch>> alarm_runs;
  friend bool operator==(metro_line const&, metro_line const&) = default;
};

/// Local time of day; `last` may be earlier than `first` (past midnight).
struct metro_hours {
  minutes first{};
  minutes last{};
  friend bool operator==(metro_hours const&, metro_hours const&) = default;
};
[[nodiscard]] bool trains_run_at(metro_hours const& day, minutes local_time_of_day);

struct metro_network {
  std::vector<metro_line> lines;
  std::optional<metro_hours> hours;  // absent: unknown, and nobody is sent to wait for a train
  friend bool operator==(metro_network const&, metro_network const&) = default;
};

/// What holds for the whole metro at the moment.
struct metro_conditions {
  bool alarm = true;
  bool power = true;    // false: trains and escalators stand
  bool trains = false;  // within the hours of the trains, and no operator stopped them all
};

/// What the registry says of a station: its role while it is open, full or closed when its state says so (unknown
/// counts as closed).
[[nodiscard]] metro_role role_told(shelter const& station);

/// Trains run from stop `first` to stop `last` of a line and back; first < last.
struct running_section {
  std::uint32_t line = 0;  // of the network's lines
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  friend bool operator==(running_section const&, running_section const&) = default;
};

struct metro_state {
  std::map<shelter_id, metro_role> roles;  // of every station among the shelters
  std::vector<running_section> running;    // in order of line and stop
  friend bool operator==(metro_state const&, metro_state const&) = default;
};

/// Roles of all stations among `shelters` and the sections on which trains run now. Source: domain facts, "Kyiv metro
/// in an alarm"; which links and stretches is data of the network.
/// - Alarm: surface stations are closed; no train on an exposed link, at a surface station or outside alarm_runs.
/// - Power lost: no train; every station that shelters has no_power. A single station without power stops the trains
///   through it.
/// - A station with role train that no section reaches is shelter_only. Trains pass closed, full and shelter_only
///   stations without a halt.
[[nodiscard]] metro_state run_metro(metro_network const& network, std::span<shelter const> shelters,
                                    metro_conditions const& now);

/// The role that holds now: of `state` for a station, otherwise the shelter's own.
[[nodiscard]] metro_role role_now(metro_state const& state, shelter const& s);

struct metro_policy {
  std::uint32_t most_stops = 5;  // our choice: some ten minutes; farther people would rather stay where they are
  seconds unknown_headway{600};  // our choice: the longest interval that Kyiv keeps by day in an alarm is about that
  /// Of a station that nobody told the depth of: between Kyiv's deep ones (40-100 m) and its shallow ones (under 10 m).
  meters unknown_depth{40.0};
  double places_without_power = 0.75;       // domain facts: about 2,000 people a station, 1,500 without power
  degrees escalator_slope{30.0};            // EN 115-1: the steepest for a rise of more than 6 m
  meters_per_second escalator_speed{0.75};  // EN 115-1's limit at 30°
  meters_per_second stairs_speed{0.61};     // domain facts, "Walking": 1.22 m/s, stairs down × 0.5
};

/// Board at one station, stay at the other. Times begin on the platform: the way in at `board` is inside_seconds.
struct metro_ride {
  shelter_id board;
  shelter_id alight;
  metro_line_id line;
  std::uint32_t stops = 0;  // 1: the next station
  seconds usual_wait{};     // half a headway
  seconds slow_wait{};      // a whole one; promises are made on it
  seconds run{};
  friend bool operator==(metro_ride const&, metro_ride const&) = default;
};

/// Every ride between stations where trains halt (roles train and no_escalator), at most most_stops away, without a
/// change of trains; the one that is slowest least when several lines offer it. In order of board and alight. Room and
/// openness of `alight` are the caller's to judge.
[[nodiscard]] std::vector<metro_ride> rides(metro_network const& network, metro_state const& state,
                                            metro_policy const& policy = {});

/// From a door to cover, at the average pace: for a station down its depth by escalator, or by stairs when the role
/// says that escalators stand; for another shelter by stairs when its depth is known, otherwise 0. Rounded up. Callers
/// scale it with the profile as they do the walk.
[[nodiscard]] seconds inside_seconds(shelter const& s, metro_role role, metro_policy const& policy = {});

/// How many people it holds in that role: its capacity, of a station without power the policy's share.
[[nodiscard]] std::uint32_t places_now(shelter const& s, metro_role role, metro_policy const& policy = {});

/// Whether people on wheels get in: step-free, and neither escalators nor power are out (lifts then stand too).
[[nodiscard]] bool wheels_get_in(shelter const& s, metro_role role);

}  // namespace siren
