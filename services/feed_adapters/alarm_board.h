#pragma once

#include <map>

#include "feed_adapters/alarm_document.h"

namespace siren {

struct alarm_board_policy {
  /// So many alarms, and more than this share of those that run, vanishing from one answer: either a mass all-clear or
  /// an answer that was cut. Of the 43,031 official alarms of 2022-2024 5.6 % ended in such company within one poll:
  /// those wait for the confirmation below.
  std::size_t mass = 3;
  double mass_share = 0.25;
  /// A mass all-clear is believed once so many answers in a row say so over at least this time. Three polls of the
  /// provider's 7.5 s: long enough for a cache that served half a list to be replaced.
  std::uint32_t confirmations = 3;
  seconds confirm_over{15};
  /// The provider's list can't be empty: an alarm has run in Luhansk oblast since 4 April 2022. When false, an empty
  /// list is one that was cut until it is confirmed.
  bool never_empty = true;
  minutes clock_ahead{10};         // a provider's clock that is ahead by less does not hide its alarm
  std::size_t max_known = 50'000;  // regions times types, running or ended; 1,629 times 7 are possible
};

/// What one provider says is running, from its answers in turn. Alarms start at once. What is no longer listed ends,
/// unless the answer is not to be believed:
///   - nothing at all is listed: never believed, however often, unless the policy says that this can be;
///   - a mass of alarms vanished: believed after `confirmations`;
///   - an entry could not be read: its region stays, and every region if the entry does not tell which.
/// Pure; one owner at a time.
class alarm_board {
 public:
  explicit alarm_board(alarm_board_policy policy = {}) : policy_{policy} {}

  /// What an earlier life last said of a region, so that running alarms are not announced anew and those that ended
  /// meanwhile are ended.
  void restore(told_alarm const& said);

  struct outcome {
    std::vector<told_alarm> changes;     // in the order in which they must be said
    std::vector<failure> refused;        // entries: unreadable, or time_in_future
    std::optional<failure> implausible;  // why some that are not listed have not ended
    bool believed = true;                // false: nothing was listed. The provider gives no sign of life by that
  };
  [[nodiscard]] outcome take(alarm_document const& answer, utc_time now, steady_time when);

  /// Some vanished and have not ended: the next answer must be a whole one, not "unchanged".
  [[nodiscard]] bool doubts() const { return !missing_.empty(); }
  [[nodiscard]] std::size_t running() const { return running_.size(); }
  /// The newest word on every region and type, as it was told.
  [[nodiscard]] std::vector<told_alarm> words() const;

 private:
  using key = std::pair<zone_id, alarm_type>;
  struct vanished {
    steady_time since;
    std::uint32_t answers = 0;
  };
  void start(told_alarm const& alarm, utc_time now, outcome& into);
  void end(std::map<key, told_alarm>::iterator at, utc_time ended, outcome& into);
  void end_missing(std::vector<key> const& gone, utc_time now, steady_time when, outcome& into);

  alarm_board_policy policy_;
  std::map<key, told_alarm> running_;
  std::map<key, utc_time> ended_;
  std::map<key, vanished> missing_;
};

}  // namespace siren
