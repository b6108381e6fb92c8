#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "core/track/class_traits.h"
#include "core/track/track.h"

namespace siren {

struct track_policy {
  class_table classes = kDefaultClassTable;
  double gate_position = 9.21;            // chi-square, 2 degrees of freedom, 99 %
  double gate_position_velocity = 13.28;  // chi-square, 4 degrees of freedom, 99 %
  double gate_merge = 23.51;              // chi-square, 4 degrees of freedom, 99.99 %: most strays of a 99 % gate
  meters min_position_sigma{5};           // a smaller claim would freeze the filter; a civil satellite fix
  meters_per_second min_velocity_sigma{0.5};
  seconds reorder_limit{30};       // a report later by more than this updates nothing; two scans of a slow radar
  std::size_t recent_reports = 8;  // how far back two tracks are told apart by one scan that held both
  std::size_t max_tracks = 5000;   // six times the largest raid so far (823 objects)
};

struct report_stamp {
  source_id source;
  utc_time at;
  friend bool operator==(report_stamp const&, report_stamp const&) = default;
};

/// A track and what only the tracker needs to know about it.
struct tracked {
  track now;
  std::uint32_t hits = 0;            // reports in it
  std::vector<report_stamp> recent;  // its last reports, at most recent_reports
};

/// Everything that is believed to fly. Tracks in order of their ids.
struct picture {
  std::vector<tracked> tracks;
  /// Last states of destroyed tracks, for reorder_limit, so that a late report of one does not bring it back.
  std::vector<track> destroyed;
  std::uint64_t next_id = 1;
};

struct tick {
  utc_time now;
};
using picture_event = std::variant<observation, tick>;

/// The tracks that this event changed, born ones and ended ones included, in order of their ids. Same picture, same
/// event, same policy: same changes.
///
/// An observation goes to the nearest gated track of a compatible class (Mahalanobis distance plus the logarithm of the
/// innovation covariance's determinant). Unknown fits every class, other classes only their family (drones; cruise and
/// supersonic missiles; ballistic, aeroballistic, hypersonic and surface-to-air missiles; bombs). A track's class goes
/// from unknown to known and within a family to the faster, never back. A source has one report per object and time: a
/// second one with the same source and time is another object. One whose position fits
/// while its measured velocity does not, and that fits no other track, is a turn of that track. A report that no gate
/// holds bears a track.
///
/// A report older than its track, by reorder_limit at most, is carried forward with the track's velocity and its
/// uncertainty and then used; nothing is rewound, `updated_at` and `trace` stay. An older one changes nothing, but is
/// not taken for a new object either.
///
/// `count` is the largest reported. destroyed takes its count off and ends the track at zero; lost ends a track that
/// has no other source. Neither bears a track.
///
/// A tick ends tentative and coasting tracks past their class's limits, and merges tracks that are likely one object:
/// states within gate_merge, compatible classes, and no recent scan of one source that held both. The confirmed, then
/// the older one stays.
///
/// At max_tracks a birth displaces the tentative track (failing that, any) with the oldest report; its end is among the
/// changes.
[[nodiscard]] std::vector<track_change> apply(picture& state, picture_event const& event, track_policy const& policy);

/// The track as it should be at a later time: position moved along the velocity, covariance grown, updated_at = at.
/// Unchanged when `at` is not after the track's time.
[[nodiscard]] track predict(track const& known, utc_time at, track_policy const& policy);

}  // namespace siren
