#include "core/stream/phone_session.h"

#include <gtest/gtest.h>

#include "core/stream/stream_world.h"

namespace siren {
namespace {

using namespace stream_test;

std::vector<zone_id> const kZones{zone_named("a"), zone_named("b")};

class phone_session_test : public testing::Test {
 protected:
  phone_session_test() { known_.reset({1, 10}, {entry(4, "a"), entry(9, "b", 3, true), entry(10, "c")}, {}); }

  std::optional<stream_send> next(std::int64_t ms = 0) {
    auto const what = session_.next(known_, log_, at_ms(ms));
    if (what) session_.write_done();
    return what;
  }
  template <typename T>
  T expect(std::int64_t ms = 0) {
    auto const what = next(ms);
    EXPECT_TRUE(what && std::holds_alternative<T>(*what));
    return what && std::holds_alternative<T>(*what) ? std::get<T>(*what) : T{};
  }

  board known_{nullptr};
  log_watch::view log_{cursor{1, 10}, picture_state::live, at_ms(0)};
  phone_session session_{at_ms(0)};
};

TEST_F(phone_session_test, a_new_phone_gets_a_snapshot_of_what_runs_then_a_heartbeat) {
  EXPECT_FALSE(next());
  session_.subscribe({std::nullopt, {}, kZones}, at_ms(0));
  auto const whole = expect<send_snapshot>();
  EXPECT_EQ(whole.at, (cursor{1, 10}));
  EXPECT_EQ(whole.zones, kZones);
  ASSERT_EQ(whole.alerts.size(), 1U);
  EXPECT_EQ(whole.alerts[0]->at.seq, 4U);
  EXPECT_EQ(expect<heartbeat>(7), (heartbeat{cursor{1, 10}, 10, milliseconds{5'000}, picture_state::live,
                                             milliseconds{0}, milliseconds{7}, milliseconds{7}}));
  EXPECT_FALSE(next());
}

TEST_F(phone_session_test, the_same_zones_and_a_cursor_in_the_ring_continue) {
  known_.apply(entry(11, "a", 2));
  known_.apply(entry(12, "c", 2));
  known_.apply(entry(13, "b"));
  session_.subscribe({cursor{1, 10}, {kZones[1], kZones[0]}, kZones}, at_ms(0));
  EXPECT_EQ(expect<send_continuation>().at, (cursor{1, 10}));
  EXPECT_EQ(expect<send_alert>().entry->at.seq, 11U);
  EXPECT_EQ(expect<send_alert>().entry->at.seq, 13U);
  EXPECT_EQ(expect<heartbeat>().covered_seq, 13U);
}

struct stale {
  char const* story;
  cursor from;
  std::vector<zone_id> zones;
};
TEST_F(phone_session_test, whatever_can_not_be_continued_gets_a_snapshot) {
  for (auto const& [story, from, zones] :
       {stale{"behind the ring", {1, 9}, kZones}, stale{"other zones", {1, 10}, {kZones[0]}}}) {
    SCOPED_TRACE(story);
    session_ = phone_session{at_ms(0)};
    session_.subscribe({from, zones, kZones}, at_ms(0));
    expect<send_snapshot>();
  }
}

/// A phone that comes from a faster gateway must never be shown the past.
TEST_F(phone_session_test, a_phone_ahead_waits_for_the_log) {
  session_.subscribe({cursor{1, 12}, kZones, kZones}, at_ms(100));
  EXPECT_FALSE(next(100));
  EXPECT_TRUE(session_.waits_for_log());
  known_.apply(entry(11, "a", 2));
  EXPECT_FALSE(next(300));
  known_.apply(entry(12, "b"));
  EXPECT_EQ(expect<send_continuation>(301).at, (cursor{1, 12}));
  EXPECT_FALSE(session_.waits_for_log());
}

TEST_F(phone_session_test, a_phone_ahead_of_a_log_that_can_not_be_read_is_sent_elsewhere) {
  session_.subscribe({cursor{1, 12}, kZones, kZones}, at_ms(100));
  EXPECT_FALSE(next(2'099));
  auto const bye = expect<send_go_away>(2'100);
  EXPECT_EQ(bye.why, reason::not_ready);
  EXPECT_FALSE(bye.terminal);
  EXPECT_TRUE(session_.finished());
}

TEST_F(phone_session_test, a_phone_ahead_of_the_log_itself_gets_what_the_log_says) {
  session_.subscribe({cursor{1, 12}, kZones, kZones}, at_ms(100));
  log_.read_at = at_ms(99);
  EXPECT_FALSE(next(200));
  log_.read_at = at_ms(100);
  expect<send_snapshot>(201);
}

TEST_F(phone_session_test, a_phone_of_another_epoch_gets_a_snapshot_once_the_log_has_said_which_epoch_holds) {
  session_.subscribe({cursor{2, 3}, kZones, kZones}, at_ms(100));
  EXPECT_FALSE(next(200));
  known_.reset({2, 5}, {}, {});
  log_ = {cursor{2, 5}, picture_state::live, at_ms(300)};
  EXPECT_EQ(expect<send_snapshot>(301).at, (cursor{2, 5}));
}

TEST_F(phone_session_test, one_write_at_a_time_and_alerts_go_first) {
  session_.subscribe({std::nullopt, {}, kZones}, at_ms(0));
  expect<send_snapshot>();
  auto const told = std::make_shared<std::string const>("go");
  session_.offer_guidance(std::make_shared<std::string const>("old"));
  session_.offer_guidance(told);
  known_.apply(entry(11, "a", 2));
  ASSERT_TRUE(session_.next(known_, log_, at_ms(0)));
  EXPECT_FALSE(session_.next(known_, log_, at_ms(0)));
  session_.write_done();
  expect<heartbeat>();
  EXPECT_EQ(expect<send_guidance>().bytes, told);
  EXPECT_FALSE(next());
  session_.offer_guidance(told);
  session_.offer_guidance(nullptr);
  EXPECT_FALSE(next());
}

TEST_F(phone_session_test, a_phone_that_fell_behind_the_ring_or_the_epoch_gets_a_snapshot) {
  session_.subscribe({std::nullopt, {}, kZones}, at_ms(0));
  expect<send_snapshot>();
  known_.reset({1, 20}, {entry(15, "a", 2)}, {});
  EXPECT_EQ(expect<send_snapshot>().at, (cursor{1, 20}));
  known_.reset({2, 1}, {}, {});
  EXPECT_EQ(expect<send_snapshot>().at, (cursor{2, 1}));
}

TEST_F(phone_session_test, other_zones_are_answered_with_a_snapshot) {
  session_.subscribe({std::nullopt, {}, kZones}, at_ms(0));
  expect<send_snapshot>();
  expect<heartbeat>();
  EXPECT_FALSE(session_.change_zones({kZones[1], kZones[0], kZones[0]}));
  EXPECT_FALSE(next());
  EXPECT_TRUE(session_.change_zones({zone_named("c")}));
  EXPECT_EQ(expect<send_snapshot>().alerts.at(0)->at.seq, 10U);
}

TEST_F(phone_session_test, heartbeats_come_each_interval_and_name_no_head_that_was_not_read) {
  session_.subscribe({std::nullopt, {}, kZones}, at_ms(0));
  expect<send_snapshot>();
  expect<heartbeat>();
  EXPECT_FALSE(next(4'999));
  log_ = {};
  EXPECT_FALSE(expect<heartbeat>(5'000).head.has_value());
  EXPECT_FALSE(next(9'999));
}

/// The database was put back: for up to 2.5 intervals phones would have called the old state current.
TEST_F(phone_session_test, no_false_calm_a_lost_picture_is_told_at_once_and_once) {
  session_.subscribe({std::nullopt, {}, kZones}, at_ms(0));
  expect<send_snapshot>();
  expect<heartbeat>();
  log_ = {std::nullopt, picture_state::lost, std::nullopt};
  EXPECT_EQ(expect<heartbeat>(700).picture, picture_state::lost);
  EXPECT_FALSE(next(1'400));
}

TEST_F(phone_session_test, a_snapshot_is_followed_by_a_heartbeat) {
  session_.subscribe({std::nullopt, {}, kZones}, at_ms(0));
  expect<send_snapshot>();
  expect<heartbeat>();
  known_.reset({2, 1}, {}, {});
  expect<send_snapshot>(100);
  expect<heartbeat>(100);
}

TEST_F(phone_session_test, a_slow_reader_and_a_silent_caller_expire) {
  EXPECT_FALSE(session_.expired(at_ms(10'000)));
  EXPECT_EQ(session_.expired(at_ms(10'001)), reason::subscribe_first);
  session_.subscribe({std::nullopt, {}, kZones}, at_ms(10'000));
  ASSERT_TRUE(session_.next(known_, log_, at_ms(10'000)));
  EXPECT_FALSE(session_.expired(at_ms(20'000)));
  EXPECT_EQ(session_.expired(at_ms(20'001)), reason::slow_reader);
  session_.write_done();
  EXPECT_FALSE(session_.expired(at_ms(20'001)));
}

TEST_F(phone_session_test, go_away_waits_for_alerts_and_is_the_last_word) {
  session_.subscribe({std::nullopt, {}, kZones}, at_ms(0));
  expect<send_snapshot>();
  known_.apply(entry(11, "a", 2));
  session_.go_away({reason::draining, milliseconds{2'000}, false});
  expect<send_alert>();
  EXPECT_FALSE(session_.finished());
  EXPECT_EQ(expect<send_go_away>().retry_within, milliseconds{2'000});
  EXPECT_TRUE(session_.finished());
  known_.apply(entry(12, "a", 3));
  EXPECT_FALSE(next());
}

TEST_F(phone_session_test, requests_have_an_allowance) {
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(session_.allow_request(at_ms(0)));
  EXPECT_FALSE(session_.allow_request(at_ms(999)));
  EXPECT_TRUE(session_.allow_request(at_ms(1'000)));
  EXPECT_FALSE(session_.allow_request(at_ms(1'000)));
  EXPECT_TRUE(session_.allow_request(at_ms(600'000)));
}

}  // namespace
}  // namespace siren
