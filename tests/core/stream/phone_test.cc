#include "core/stream/phone.h"

#include <random>

#include <gtest/gtest.h>

#include "core/stream/stream_world.h"

namespace siren {
namespace {

using namespace stream_test;
using taken = phone::taken;

std::vector<zone_id> const kZones{zone_named("a"), zone_named("b")};
constexpr milliseconds kInterval{5'000};

stream_entry after(std::uint64_t previous, stream_entry e) {
  e.previous_seq_in_zone = previous;
  return e;
}

heartbeat beat(std::uint64_t head, std::uint64_t covered, picture_state picture = picture_state::live) {
  return {cursor{1, head}, covered, kInterval, picture};
}

phone at_ten() {
  phone p;
  p.connected(at_ms(0));
  EXPECT_EQ(p.on_snapshot({{1, 10}, kZones, {entry(4, "a")}}, at_ms(0)), taken::news);
  return p;
}

TEST(phone, entries_merge_by_alert_and_highest_revision) {
  auto p = at_ten();
  EXPECT_EQ(p.on_alert(after(4, entry(11, "a", 2)), at_ms(1)), taken::news);
  EXPECT_EQ(p.on_alert(after(4, entry(11, "a", 2)), at_ms(1)), taken::known);
  EXPECT_EQ(p.on_alert(entry(4, "a", 1), at_ms(1)), taken::known);
  EXPECT_EQ(held(p), (std::map<alert_id, std::uint32_t>{{alert_id{"a@a"}, 2}}));
  EXPECT_EQ(p.on_alert(after(11, entry(12, "a", 3, true)), at_ms(1)), taken::news);
  EXPECT_TRUE(p.alerts().empty());
  EXPECT_EQ(p.on_alert(after(4, entry(11, "a", 2)), at_ms(1)), taken::known) << "an ended alert must stay ended";
  EXPECT_TRUE(p.alerts().empty());
}

TEST(phone, no_hole_a_missed_entry_is_found_by_the_next_one) {
  auto p = at_ten();
  EXPECT_EQ(p.on_alert(after(11, entry(12, "a", 3)), at_ms(1)), taken::must_resume);
  EXPECT_FALSE(p.whole());
  EXPECT_EQ(p.resume().from, (cursor{1, 10}));
  EXPECT_EQ(p.resume().zones, kZones);
}

/// Another zone's entry or a heartbeat may have carried the cursor over the hole: then only a snapshot heals.
TEST(phone, no_hole_below_the_cursor_asks_for_a_snapshot) {
  auto p = at_ten();
  EXPECT_EQ(p.on_alert(entry(12, "b"), at_ms(1)), taken::news);
  EXPECT_EQ(p.on_alert(after(11, entry(13, "a", 3)), at_ms(1)), taken::must_resume);
  EXPECT_FALSE(p.resume().from.has_value());
}

TEST(phone, never_goes_back_in_an_epoch) {
  auto p = at_ten();
  EXPECT_EQ(p.on_snapshot({{1, 9}, kZones, {}}, at_ms(1)), taken::must_resume);
  EXPECT_EQ(p.alerts().size(), 1U);
  EXPECT_EQ(p.resume().from, (cursor{1, 10}));
}

TEST(phone, another_epoch_comes_with_a_snapshot_only) {
  auto p = at_ten();
  p.on_heartbeat(beat(10, 10), at_ms(0));
  EXPECT_EQ(p.on_alert(entry(11, "a", 2, false, 2), at_ms(1)), taken::must_resume);
  EXPECT_FALSE(p.current(at_ms(1)));
  p.connected(at_ms(2));
  EXPECT_EQ(p.on_snapshot({{2, 3}, kZones, {}}, at_ms(3)), taken::news);
  EXPECT_TRUE(p.alerts().empty());
  EXPECT_FALSE(p.current(at_ms(3))) << "the old epoch's heartbeat says nothing about this one";
}

TEST(phone, the_first_word_must_be_a_snapshot_or_the_own_continuation) {
  phone fresh;
  fresh.connected(at_ms(0));
  EXPECT_EQ(fresh.on_alert(entry(1, "a"), at_ms(0)), taken::must_resume);
  EXPECT_EQ(fresh.on_heartbeat(beat(1, 1), at_ms(0)), taken::must_resume);
  EXPECT_EQ(fresh.on_continuation({1, 0}, at_ms(0)), taken::must_resume);
  auto p = at_ten();
  p.connected(at_ms(5));
  EXPECT_EQ(p.on_continuation({1, 11}, at_ms(6)), taken::must_resume);
  EXPECT_FALSE(p.resume().from.has_value());
}

struct calm_row {
  char const* story;
  std::vector<std::pair<std::int64_t, heartbeat>> beats;
  std::int64_t asked_ms;
  bool current;
};

TEST(phone, no_false_calm_table) {
  auto const no_head = heartbeat{std::nullopt, 10, kInterval, picture_state::unknown};
  auto const no_head_lost = heartbeat{std::nullopt, 10, kInterval, picture_state::lost};
  std::vector<calm_row> const rows{
      {"no heartbeat yet", {}, 0, false},
      {"fresh", {{0, beat(10, 10)}}, 12'500, true},
      {"older than 2.5 intervals", {{0, beat(10, 10)}}, 12'501, false},
      {"the log is ahead of the stream", {{0, beat(11, 10)}}, 0, false},
      {"degraded is still current", {{0, beat(10, 10, picture_state::degraded)}}, 0, true},
      {"picture lost", {{0, beat(10, 10, picture_state::lost)}}, 0, false},
      {"picture unknown", {{0, beat(10, 10, picture_state::unknown)}}, 0, false},
      {"beats without a head keep nothing alive",
       {{0, beat(10, 10)}, {5'000, no_head}, {10'000, no_head}},
       12'501,
       false},
      {"a beat without a head ends nothing early", {{0, beat(10, 10)}, {5'000, no_head}}, 12'500, true},
      {"lost counts without a head too", {{0, beat(10, 10)}, {5'000, no_head_lost}}, 5'000, false},
      {"an absurd interval is not believed", {{0, {cursor{1, 10}, 10, hours{5}, picture_state::live}}}, 75'001, false},
      {"a head of another epoch", {{0, {cursor{2, 10}, 10, kInterval, picture_state::live}}}, 0, false},
  };
  for (auto const& row : rows) {
    SCOPED_TRACE(row.story);
    auto p = at_ten();
    for (auto const& [ms, b] : row.beats) p.on_heartbeat(b, at_ms(ms));
    EXPECT_EQ(p.current(at_ms(row.asked_ms)), row.current);
  }
}

/// A phone that was frozen, or a network that held everything back, brings heartbeats that are half a minute old right
/// before the alert that came after them: the screen would have said "current" on the way.
TEST(phone, no_false_calm_a_heartbeat_that_lay_around_is_as_old_as_it_is) {
  auto p = at_ten();  // subscribed at 0
  auto old = beat(10, 10);
  old.since_subscribe = milliseconds{1'000};
  p.on_heartbeat(old, at_ms(31'000));
  EXPECT_FALSE(p.current(at_ms(31'000)));
  old.since_subscribe = milliseconds{30'900};
  p.on_heartbeat(old, at_ms(31'000));
  EXPECT_TRUE(p.current(at_ms(31'000)));
  EXPECT_TRUE(p.current(at_ms(30'900 + 12'500)));
  EXPECT_FALSE(p.current(at_ms(30'900 + 12'501)));
  old.since_subscribe = hours{1};
  p.on_heartbeat(old, at_ms(50'000));
  EXPECT_FALSE(p.current(at_ms(62'501))) << "a beat from the future is from now";
}

/// A gateway that reads the log slowly may name a head that is over a second old.
TEST(phone, no_false_calm_current_ends_after_the_reading_not_after_the_beat) {
  auto p = at_ten();
  auto slow = beat(10, 10);
  slow.head_age = milliseconds{1'400};
  p.on_heartbeat(slow, at_ms(5'000));
  EXPECT_TRUE(p.current(at_ms(3'600 + 12'500)));
  EXPECT_FALSE(p.current(at_ms(3'600 + 12'501)));
  slow.head_age = -hours{1};
  p.on_heartbeat(slow, at_ms(20'000));
  EXPECT_FALSE(p.current(at_ms(32'501))) << "a reading from the future is from now";
}

/// A Subscribe that lay in a stopped gateway for half a minute makes every later heartbeat look half a minute old: the
/// phone would have shown UNKNOWN for as long as that stream lived.
TEST(phone, a_stream_on_which_everything_comes_late_is_left) {
  auto p = at_ten();
  for (int ms = 20'000; ms <= 25'000; ms += 5'000) {
    auto late = beat(10, 10);
    late.since_subscribe = milliseconds{ms - 15'000};
    p.on_heartbeat(late, at_ms(ms));
    EXPECT_FALSE(p.current(at_ms(ms)));
  }
  EXPECT_FALSE(p.silent(at_ms(25'000)));
  EXPECT_TRUE(p.silent(at_ms(25'001)));
}

/// After a restore the engine logs a running alarm again; it must neither ring twice nor hide behind one that was lost.
TEST(phone, a_new_epoch_rings_for_nothing_that_people_have_heard) {
  auto p = at_ten();
  p.on_alert(after(4, entry(11, "a", 2)), at_ms(1));
  p.connected(at_ms(2));
  p.on_snapshot({{2, 20}, kZones, {}}, at_ms(3));
  EXPECT_EQ(p.on_alert(entry(21, "a", 2, false, 2), at_ms(4)), taken::merged);
  EXPECT_EQ(p.on_alert(after(21, entry(22, "a", 3, false, 2)), at_ms(5)), taken::news);
}

TEST(phone, a_zone_has_one_alert_at_a_time) {
  auto p = at_ten();
  EXPECT_EQ(p.on_alert(after(4, entry(11, "a", 1, false, 1, "b")), at_ms(1)), taken::news);
  EXPECT_EQ(held(p), (std::map<alert_id, std::uint32_t>{{alert_id{"a@b"}, 1}}));
}

TEST(phone, remembers_only_so_many_alerts_as_told) {
  phone_policy small;
  small.told_kept = 2;
  phone p{small};
  p.connected(at_ms(0));
  p.on_snapshot({{1, 0}, kZones, {}}, at_ms(0));
  for (std::uint64_t i = 1; i <= 50; ++i)
    EXPECT_EQ(p.on_alert(after(i - 1, entry(i, "a", 1, true, 1, std::to_string(i))), at_ms(1)), taken::news);
}

TEST(phone, a_break_is_answered_within_the_window_that_was_told) {
  auto p = at_ten();
  auto told = beat(10, 10);
  told.reconnect_within = milliseconds{20'000};
  p.on_heartbeat(told, at_ms(0));
  auto left = p;
  EXPECT_EQ(p.on_disconnected({}, 20'000, at_ms(0)), at_ms(20'000));
  EXPECT_EQ(p.on_disconnected({}, 20'001, at_ms(0)), at_ms(0));
  left.on_alert(after(11, entry(12, "a", 3)), at_ms(1));
  EXPECT_LE(left.on_disconnected({}, 20'000, at_ms(1)), at_ms(1'001)) << "nobody else leaves with it";
}

TEST(phone, an_entry_up_to_the_head_makes_it_current) {
  auto p = at_ten();
  p.on_heartbeat(beat(11, 10), at_ms(0));
  EXPECT_FALSE(p.current(at_ms(1)));
  p.on_alert(after(4, entry(11, "a", 2)), at_ms(1));
  EXPECT_TRUE(p.current(at_ms(1)));
}

TEST(phone, a_silent_stream_is_left) {
  phone p;
  p.connected(at_ms(0));
  EXPECT_FALSE(p.silent(at_ms(10'000)));
  EXPECT_TRUE(p.silent(at_ms(10'001)));
  EXPECT_EQ(p.wake_at(at_ms(0)), at_ms(10'001));
  p.on_snapshot({{1, 10}, kZones, {}}, at_ms(5'000));
  p.on_heartbeat(beat(10, 10), at_ms(5'000));
  EXPECT_EQ(p.wake_at(at_ms(5'000)), at_ms(17'501));
  EXPECT_FALSE(p.silent(at_ms(17'500)));
  EXPECT_TRUE(p.silent(at_ms(17'501)));
  EXPECT_FALSE(p.wake_at(at_ms(17'501)).has_value());
}

TEST(phone, comes_back_at_a_random_time_in_a_growing_bounded_window) {
  phone p;
  std::int64_t const windows[]{1'000, 2'000, 4'000, 8'000, 8'000, 8'000};
  for (auto const window : windows) {
    auto copy = p;
    EXPECT_EQ(copy.on_disconnected({}, static_cast<std::uint64_t>(window), at_ms(0)), at_ms(window));
    EXPECT_EQ(p.on_disconnected({}, static_cast<std::uint64_t>(window) + 1, at_ms(0)), at_ms(0));
  }
  p.connected(at_ms(0));
  p.on_snapshot({{1, 1}, kZones, {}}, at_ms(0));
  EXPECT_EQ(p.on_disconnected({}, 1'000, at_ms(0)), at_ms(1'000)) << "a good stream forgets old breaks";
}

TEST(phone, obeys_a_go_away_within_reason) {
  phone p;
  EXPECT_EQ(p.on_disconnected(phone_go_away{milliseconds{2'000}, false}, 2'000, at_ms(0)), at_ms(2'000));
  EXPECT_EQ(p.on_disconnected(phone_go_away{hours{9}, false}, 60'000, at_ms(0)), at_ms(60'000));
  EXPECT_EQ(p.on_disconnected(phone_go_away{milliseconds{-5}, false}, 7, at_ms(0)), at_ms(0));
  EXPECT_FALSE(p.on_disconnected(phone_go_away{milliseconds{0}, true}, 7, at_ms(0)).has_value());
}

}  // namespace
}  // namespace siren
