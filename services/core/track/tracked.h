#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/track/class_belief.h"
#include "core/track/flight.h"
#include "core/track/track.h"

namespace siren {

/// What tells one report from another: who measured, when, under which name and where. Names as 64-bit FNV-1a, 0 for
/// none: a track keeps dozens.
struct report_stamp {
  std::uint64_t measured_by = 0;
  std::uint64_t name = 0;
  utc_time at;
  lat_lon place;
  bool relayed = false;
  bool grouped = false;  // of several objects that the sensor didn't resolve
};
[[nodiscard]] report_stamp stamp_of(observation const& report);
/// One sensor's look held both: then they are two objects, unless one is a relayed copy of the other.
[[nodiscard]] bool same_look(report_stamp const& a, report_stamp const& b);
/// One and the same report.
[[nodiscard]] bool same_report(report_stamp const& a, report_stamp const& b);
/// One report that came twice, over a relay at least once: same look, and the same name or nearly the same place.
[[nodiscard]] bool copies(report_stamp const& a, report_stamp const& b, track_policy const& policy);

/// What a track took of a look: nearly always one reading, which needs no memory of its own. Never empty.
class look_readings {
 public:
  explicit look_readings(weighted_reading const& one) : one_{one} {}
  explicit look_readings(std::span<weighted_reading const> all) : one_{all.front()} {
    if (all.size() > 1) all_.assign(all.begin(), all.end());
  }
  [[nodiscard]] std::span<weighted_reading const> all() const {
    return all_.empty() ? std::span{&one_, 1} : std::span{all_};
  }

 private:
  weighted_reading one_;
  std::vector<weighted_reading> all_;  // empty: one_ is all
};

/// A look that a track has taken, and the track's flight after it.
struct past_look {
  report_stamp stamp;  // of its likeliest report
  look_readings readings;
  flight_state after;
};

/// A track and what only the tracker needs to know about it.
struct tracked {
  track now;
  class_belief kinds;
  class_shares shares{};        // of kinds and speed, after the last report
  bool named = false;           // a report named a class
  std::uint32_t hits = 0;       // reports in it
  std::vector<past_look> past;  // in order of time, at most kept_reports; empty: nothing is kept from before a restart
  bool from_birth = false;      // `past` begins with the first report
  flight_state flight;          // after the newest of `past`
  kalman_state believed;        // the same as one Gaussian
  bool fresh = true;            // changed since tracks were last held against each other
};

void set_flight(tracked& t, flight_state const& now);

/// A track that an earlier life kept, as far as it was kept: how often a tentative one was seen is not.
[[nodiscard]] tracked resumed(track const& kept, track_policy const& policy);

/// A tentative track of one report.
[[nodiscard]] tracked born(track_id id, observation const& report, track_policy const& policy);

/// The flight as it was believed at a time: after the last look not later than that, flown ahead to it. Before
/// everything kept: the first flight, carried back along its velocity, as unsure as after flying as far ahead.
[[nodiscard]] flight_state flight_at(tracked const& t, utc_time at, track_policy const& policy);

/// Takes a look into the flight where it belongs in time and runs it again from there (bounded by kept_reports), so
/// that the order of arrival leaves no mark on it. `then` is flight_at() of the look's time. False: it is older than
/// everything kept and changed nothing.
bool take_look(tracked& t, past_look look, flight_state const& then, track_policy const& policy);
/// The same of another track's looks, in order of time, at once.
void take_looks(tracked& t, std::span<past_look const> looks, track_policy const& policy);

/// M of N: as many reports as its class asks for, the last of them within its tentative_limit.
[[nodiscard]] bool supported(tracked const& t, track_policy const& policy);

/// Everything that follows from a report besides the flight: support, class, source, and of the newest its trace.
void note_report(tracked& t, observation const& report, track_policy const& policy);

/// `now` from the flight: place, velocity (not above the class's fastest), covariance, time.
void publish(tracked& t, track_policy const& policy);

}  // namespace siren
