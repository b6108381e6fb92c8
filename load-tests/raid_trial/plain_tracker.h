#pragma once

#include <span>
#include <vector>

#include "core/track/kalman.h"
#include "core/track/track_policy.h"

namespace siren::raids {

/// The tracker that the product's must beat: nearest neighbour and one constant-velocity Kalman filter per track, as in
/// any textbook (Blackman & Popoli 1999, 6.4), with the same class table, gates, births and deaths as the product's
/// policy. Reports are taken as they arrive, each by the nearest track whose gate it passes and that has not had one of
/// the same sensor and time. A report older than its track (by the policy's reorder_limit at most) is carried ahead
/// along the track's velocity, since a plain filter can't go back. What is fused is taken as measured. A relayed copy
/// is recognised by its origin and time. The class is the last one named. Of two tracks whose states are within the
/// gate of one another the younger is dropped (as there, 6.6), unless they have had reports of one look.
class plain_tracker {
 public:
  explicit plain_tracker(track_policy policy) : policy_{std::move(policy)} {}

  [[nodiscard]] std::vector<track_change> take(std::span<observation const> reports, utc_time now);
  [[nodiscard]] std::vector<track> tracks() const;

 private:
  struct one {
    track now;
    kalman_state state;  // around now.position
    std::uint32_t hits = 0;
    std::vector<std::pair<source_id, utc_time>> had;  // the latest few
    bool changed = false;
    track_end end = track_end::none;
  };
  void take(observation const& report);
  void bear(observation const& report);
  [[nodiscard]] double apart(one const& known, observation const& report) const;
  void update(one& known, observation const& report);
  void drop_doubles(utc_time now);

  track_policy policy_;
  std::vector<one> all_;
  std::uint64_t next_id_ = 1;
  utc_time newest_;
};

}  // namespace siren::raids
