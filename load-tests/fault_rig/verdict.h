#pragma once

#include "fault_rig/phone_journal.h"

namespace siren::faults {

struct verdict_policy {
  /// Promise "no false calm": "current" holds for 2.5 heartbeats of one second after the log was last read, and half a
  /// second is for the way of the last one and for two clocks.
  milliseconds current_after_logged{3'000};
};

/// What phones' journals say of the promises, compared with the log. All of them must be 0.
struct verdict {
  std::uint64_t missing = 0;          // entries of a phone's zones that it never learned ("no hole")
  std::uint64_t doubled = 0;          // revisions sounded twice on one phone
  std::uint64_t backwards = 0;        // sequences that went back within an epoch
  std::uint64_t falsely_current = 0;  // entries that a phone lacked while it showed "current" ("no false calm")
  std::uint64_t delivered = 0;        // entries that arrived one by one
  std::uint64_t by_snapshot = 0;      // entries that a snapshot covered
  std::uint64_t early = 0;            // provisional alerts sounded
  std::uint64_t resumed = 0;          // reconnections that went on without a snapshot
  std::uint64_t restarted = 0;        // reconnections that took one

  verdict& operator+=(verdict const& other);
};

[[nodiscard]] verdict judge(phone_journal const& journal, whole_log const& log, verdict_policy policy = {});

/// Delays of sounded alerts: how long phones showed less than was decided, from the moment when ingest had the
/// observation behind it. One that lowers an alarm, or takes the place of a higher one, has none: with the log away
/// nothing is taken back, so it comes when the log does. Counted are those whose observation came within [from, to):
/// the 99th percentile, rounded up; absent without any.
[[nodiscard]] std::optional<milliseconds> p99_between(std::vector<phone_journal> const& journals, wall_time from,
                                                      wall_time to);

/// Phones that showed "current" on this epoch at some time after `since`.
[[nodiscard]] std::uint64_t current_on_epoch(std::vector<phone_journal> const& journals, std::uint64_t epoch,
                                             wall_time since);

}  // namespace siren::faults
