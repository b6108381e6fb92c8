#include "core/stream/log_follower.h"
#include "core/stream/reconnect_window.h"

#include <gtest/gtest.h>

#include "core/stream/stream_world.h"

namespace siren {
namespace {

using namespace stream_test;
using read = log_follower::read;

TEST(log_follower, polls_the_head_and_reads_what_it_lacks) {
  log_follower f{{.poll = milliseconds{500}, .read_at_once = 2}};
  EXPECT_EQ(f.next(at_ms(0)), read::head);
  EXPECT_FALSE(f.next(at_ms(900))) << "one read at a time";
  f.on_head(log_watch::need::read_log);
  EXPECT_EQ(f.next(at_ms(10)), read::entries);
  f.on_entries(2, board::outcome::applied);
  EXPECT_EQ(f.next(at_ms(10)), read::entries) << "a full answer leaves more";
  f.on_entries(0, board::outcome::ignored);
  EXPECT_FALSE(f.next(at_ms(499)));
  EXPECT_EQ(f.next(at_ms(500)), read::head);
  f.on_failed();
  EXPECT_FALSE(f.next(at_ms(501))) << "a log that is away is not asked without pause";
  EXPECT_EQ(f.poll_at(), at_ms(1'000));
}

TEST(log_follower, takes_the_state_when_the_epoch_changed) {
  log_follower f;
  (void)f.next(at_ms(0));
  f.on_head(log_watch::need::read_log);
  (void)f.next(at_ms(0));
  f.on_other_epoch();
  EXPECT_EQ(f.next(at_ms(0)), read::state);
  f.on_state();
  EXPECT_EQ(f.next(at_ms(0)), read::entries);
  f.on_entries(1, board::outcome::read_state);
  EXPECT_EQ(f.next(at_ms(0)), read::state);
}

/// A gap heard during a read is not forgotten: it would cost half a second.
TEST(log_follower, a_gap_heard_during_a_read_is_read_after_it) {
  log_follower f;
  (void)f.next(at_ms(0));
  f.read_soon();
  f.on_head(log_watch::need::nothing);
  EXPECT_TRUE(f.wants_now());
  EXPECT_EQ(f.next(at_ms(1)), read::head);
}

TEST(reconnect_window, grows_with_phones_and_shrinks_with_the_measured_rate) {
  reconnect_window w;
  EXPECT_EQ(w.window(0), milliseconds{1'000});
  EXPECT_EQ(w.window(10'000), milliseconds{10'000});
  EXPECT_EQ(w.window(10'000'000), milliseconds{60'000});
  for (int i = 0; i <= 5'000; ++i) w.on_first_word(at_ms(i / 5), at_ms(i / 5));
  EXPECT_EQ(w.rate(), 5'000U) << "a second without waiting shows that at least so many can be taken in";
  EXPECT_EQ(w.window(10'000), milliseconds{4'000});
}

TEST(reconnect_window, a_busy_second_shows_how_many_and_a_quiet_one_does_not_slow_down) {
  reconnect_window w;
  for (int i = 0; i <= 1'000; ++i) w.on_first_word(at_ms(i - 300), at_ms(i));
  EXPECT_EQ(w.rate(), 1'500U);
  for (int i = 0; i <= 10; ++i) w.on_first_word(at_ms(5'000 + i * 100), at_ms(5'000 + i * 100));
  EXPECT_EQ(w.rate(), 1'500U);
  w.on_first_word(at_ms(60'000 - 300), at_ms(60'000));
  w.on_first_word(at_ms(90'000), at_ms(90'000));
  EXPECT_EQ(w.rate(), 1'500U) << "a pause measures nothing";
}

}  // namespace
}  // namespace siren
