#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "core/track/track_index.h"
#include "core/track/track_policy.h"
#include "core/track/tracked.h"

namespace siren {

/// Everything that is believed to fly. Tracks in order of their ids.
struct picture {
  std::vector<tracked> tracks;
  /// Last states of destroyed tracks, for reorder_limit, so that a late report of one does not bring it back.
  std::vector<tracked> destroyed;
  std::uint64_t next_id = 1;
  track_index index;  // of tracks; makes itself anew when something else changed them
};

struct tick {
  utc_time now;
};
/// Reports that came together, in any order.
struct scan {
  std::vector<observation> reports;
};
using picture_event = std::variant<observation, scan, tick>;

/// The tracks that this event changed, each once with its last state, born ones and ended ones included, in order of
/// their ids. Same picture, same event, same policy: same changes.
///
/// Reports of one source and one time are one look; looks go in order of time, then source. A track is judged against a
/// look where it was at that time, under two interacting models of flight (Blom & Bar-Shalom 1988). What fits, by the
/// gate of place and measured velocity and a compatible class, is shared out by joint_association(): one-to-one, by
/// chances where confirmed tracks of different courses compete. Unknown fits every class, other classes only their
/// family. A source has one report per object and time: a second one with the same source and time is another object.
/// One whose position fits while its measured velocity does not, and that fits no other track, is a turn of that track.
/// A report that no track takes bears one.
///
/// A report older than its track, by reorder_limit at most, is put where it belongs in the track's kept reports, which
/// are run again from there: the flight is then the same as if it had come in order (as in Bar-Shalom, Chen & Mallick
/// 2004, by re-running instead of retrodicting). Older than what is kept, it counts as support only; older than the
/// limit it changes nothing, but is not taken for a new object either. `updated_at` and `trace` are the newest
/// report's.
///
/// A copy that a relay passed on adds nothing at all, whichever came first; `sources` are those who measured.
///
/// `count` is the largest reported, less what other tracks within the same report's gate account for; such a report is
/// as unsure as the group is wide, for each of them. A group of which one look shows several members lets tracks go out
/// of itself, with its velocity. destroyed takes its count off and ends the track at zero; lost ends a track that has
/// no other source. Neither bears a track.
///
/// A tick ends tentative and coasting tracks past their class's limits, and merges tracks that are likely one object:
/// states within gate_merge, compatible classes, and no look of one source that held both. The confirmed, then the
/// older one stays, and takes the other's reports into its own.
///
/// At max_tracks a birth displaces the tentative track (failing that, any) with the oldest report; its end is among the
/// changes. Memory: kept_reports of about 550 bytes a track.
[[nodiscard]] std::vector<track_change> apply(picture& state, picture_event const& event, track_policy const& policy);

/// The track as it should be at a later time: position moved along the velocity, covariance grown, updated_at = at.
/// Unchanged when `at` is not after the track's time.
[[nodiscard]] track predict(track const& known, utc_time at, track_policy const& policy);

}  // namespace siren
