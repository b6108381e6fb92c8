// The offline checker of the fault rig bites: each promise is broken once, and it tells.
#include <gtest/gtest.h>

#include "fault_rig/verdict.h"

namespace siren::faults {
namespace {

using kind = phone_event::kind;

zone_id const kHere{"here"};
zone_id const kThere{"there"};
constexpr std::uint64_t kEpoch = 7;

wall_time at(double s) {
  return wall_time{microseconds{static_cast<std::int64_t>(s * 1e6)}};
}

log_row row(std::uint64_t seq, double when, zone_id const& zone = kHere, std::uint64_t epoch = kEpoch) {
  return {{epoch, seq}, zone, alert_id{zone.value + std::to_string(seq)}, 1, at(when)};
}

/// Entries 1 and 2 at seconds 10 and 20, 3 elsewhere at 30.
whole_log log_of_three() {
  return {{kEpoch, 3}, {row(1, 10), row(2, 20), row(3, 30, kThere)}};
}

phone_event snapshot(double when, std::uint64_t seq, std::uint64_t epoch = kEpoch) {
  return {.what = kind::snapshot, .when = at(when), .at = {epoch, seq}, .zones = {kHere}};
}
phone_event heard(kind what, double when, std::uint64_t seq) {
  return {.what = what,
          .when = at(when),
          .at = {kEpoch, seq},
          .zone = kHere,
          .alert = alert_id{"here" + std::to_string(seq)},
          .rev = 1,
          .level = stage::go,
          .caused_at = at(when - 0.5)};
}
phone_event state(bool current, double when) {
  return {.what = current ? kind::current : kind::unknown, .when = at(when)};
}
phone_event left(double when) {
  return {.what = kind::left, .when = at(when)};
}

phone_journal good() {
  return {snapshot(1, 0), state(true, 2), heard(kind::sounded, 10.1, 1), heard(kind::sounded, 20.1, 2), left(40)};
}

TEST(fault_verdict, a_good_journal_keeps_every_promise) {
  auto const told = judge(good(), log_of_three());
  EXPECT_EQ(told.missing + told.doubled + told.backwards + told.falsely_current, 0U);
  EXPECT_EQ(told.delivered, 2U);
}

TEST(fault_verdict, no_hole) {
  auto journal = good();
  journal.erase(journal.begin() + 2);
  EXPECT_EQ(judge(journal, log_of_three()).missing, 1U);
  journal.erase(journal.begin() + 2);
  EXPECT_EQ(judge(journal, log_of_three()).missing, 2U) << "the end of the log counts too";
  journal.insert(journal.end() - 1, snapshot(35, 3));
  EXPECT_EQ(judge(journal, log_of_three()).missing, 0U) << "a snapshot covers what it holds";
  EXPECT_EQ(judge({}, log_of_three()).missing, 3U) << "a phone that heard nothing misses everything";
}

TEST(fault_verdict, no_alarm_sounds_twice) {
  auto journal = good();
  journal.insert(journal.begin() + 2, heard(kind::early, 9, 1));
  EXPECT_EQ(judge(journal, log_of_three()).doubled, 1U) << "provisionally and out of the log";
  journal[3].what = kind::merged;
  EXPECT_EQ(judge(journal, log_of_three()).doubled, 0U);
  EXPECT_EQ(judge(journal, log_of_three()).early, 1U);
  journal.push_back(heard(kind::sounded, 41, 2));
  EXPECT_EQ(judge(journal, log_of_three()).doubled, 1U);
}

TEST(fault_verdict, nothing_goes_back_within_an_epoch) {
  auto journal = good();
  std::swap(journal[2], journal[3]);
  EXPECT_GE(judge(journal, log_of_three()).backwards, 1U);
  journal = good();
  journal.insert(journal.end() - 1, snapshot(35, 1));
  EXPECT_EQ(judge(journal, log_of_three()).backwards, 1U) << "an older snapshot";
  journal = good();
  journal.insert(journal.end() - 1, snapshot(35, 1, kEpoch + 1));
  EXPECT_EQ(judge(journal, log_of_three()).backwards, 0U) << "another epoch begins where it likes";
}

TEST(fault_verdict, no_false_calm) {
  auto journal = good();
  journal[3].when = at(23.5);
  EXPECT_EQ(judge(journal, log_of_three()).falsely_current, 1U) << "current for 3.5 s without what was logged";
  journal.insert(journal.begin() + 3, state(false, 22.5));
  EXPECT_EQ(judge(journal, log_of_three()).falsely_current, 0U) << "it said in time that it does not know";
  journal = good();
  journal.erase(journal.begin() + 3);
  EXPECT_EQ(judge(journal, log_of_three()).falsely_current, 1U) << "never heard, and current until the end";
}

TEST(fault_verdict, returns_are_told_apart) {
  phone_event const continued{.what = kind::continuation, .when = at(12), .at = {kEpoch, 1}};
  phone_journal const journal{snapshot(1, 0), heard(kind::sounded, 10.1, 1), left(11), continued, left(13),
                              snapshot(14, 3)};
  auto const told = judge(journal, log_of_three());
  EXPECT_EQ(told.resumed, 1U);
  EXPECT_EQ(told.restarted, 1U);
}

/// An alarm ends and a lesser one begins while the log is away: phones go on showing the first, and hear of both later.
TEST(fault_verdict, a_delay_is_how_long_a_phone_showed_less) {
  auto const delay_of_last = [](stage shown, stage last) {
    phone_journal journal{snapshot(1, 0), heard(kind::early, 10, 1), heard(kind::sounded, 89, 2),
                          heard(kind::sounded, 90, 3)};
    journal[1].caused_at = journal[2].caused_at = std::nullopt;
    journal[1].level = shown;
    journal[2].level = stage::all_clear;
    journal[3].level = last;
    journal[3].caused_at = at(20);
    return p99_between({journal}, at(19), at(21));
  };
  EXPECT_EQ(delay_of_last(stage::go, stage::prepare), seconds{1}) << "between the end of one and the other";
  EXPECT_EQ(delay_of_last(stage::go, stage::go), seconds{1});
  EXPECT_EQ(delay_of_last(stage::go, stage::all_clear), seconds{0});
  EXPECT_EQ(delay_of_last(stage::go, stage::take_cover), seconds{70});
}

TEST(fault_verdict, delays_are_those_of_the_fault) {
  EXPECT_EQ(p99_between({good()}, at(9), at(11)), milliseconds{500});
  EXPECT_EQ(p99_between({good()}, at(100), at(200)), std::nullopt);
}

TEST(fault_verdict, what_vanished_may_not_be_shown_as_current_for_long) {
  auto journal = good();
  EXPECT_EQ(current_on_epoch({journal}, kEpoch, at(25)), 1U);
  EXPECT_EQ(current_on_epoch({journal}, kEpoch + 1, at(25)), 0U);
  journal.insert(journal.end() - 1, snapshot(24, 3, kEpoch + 1));
  EXPECT_EQ(current_on_epoch({journal}, kEpoch, at(25)), 0U) << "it has the new epoch";
  journal = good();
  journal.insert(journal.end() - 1, state(false, 24));
  EXPECT_EQ(current_on_epoch({journal}, kEpoch, at(25)), 0U) << "it shows that it does not know";
}

}  // namespace
}  // namespace siren::faults
