#include "core/stream/publisher.h"

#include <gtest/gtest.h>

#include "core/stream/outbox.h"
#include "core/stream/stream_world.h"

namespace siren {
namespace {

using namespace stream_test;

provisional_entry decision(std::string zone, std::uint32_t rev, stage level = stage::go) {
  return waiting(std::move(zone), rev, 0, level);
}

TEST(publisher, appends_in_order_and_one_batch_at_a_time) {
  publisher p{{1, 10}, {.batch = 2}};
  for (auto const* zone : {"a", "b", "c"}) p.decided(decision(zone, 1));
  EXPECT_EQ(p.append_now(at_ms(0)), 2U);
  EXPECT_EQ(p.append_now(at_ms(0)), 0U);
  auto const entries = p.on_appended({{1, 11}, {1, 12}});
  EXPECT_EQ(entries.at(1).zone, zone_named("b"));
  EXPECT_EQ(p.head(), (cursor{1, 12}));
  EXPECT_EQ(p.append_now(at_ms(0)), 1U);
  EXPECT_TRUE(p.say_now(at_ms(0)).empty());
  EXPECT_EQ(p.journal_now(), 0U) << "while the log takes it, no journal is needed";
}

TEST(publisher, one_warning_path_without_the_log_alerts_are_journalled_and_said_until_logged) {
  publisher p{{1, 10}};
  p.decided(decision("a", 1));
  ASSERT_EQ(p.append_now(at_ms(0)), 1U);
  EXPECT_TRUE(p.say_now(at_ms(0)).empty());
  p.on_append_failed(at_ms(1'000));
  EXPECT_EQ(p.journal_now(), 1U);
  EXPECT_TRUE(p.say_now(at_ms(1'000)).empty()) << "first the journal";
  p.on_journalled();
  ASSERT_EQ(p.say_now(at_ms(1'000)).size(), 1U);
  p.decided(decision("b", 1));
  p.on_journalled();
  auto const said = p.say_now(at_ms(1'100));
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].after, (cursor{1, 11}));
  EXPECT_EQ(p.say_now(at_ms(2'100)).size(), 2U) << "again, for whoever was deaf";
  EXPECT_EQ(p.append_now(at_ms(1'499)), 0U);
  ASSERT_EQ(p.append_now(at_ms(1'500)), 2U);
  p.on_appended({{1, 11}, {1, 12}});
  EXPECT_TRUE(p.all_logged());
  EXPECT_TRUE(p.say_now(at_ms(9'000)).empty());
}

TEST(publisher, says_nothing_that_takes_back) {
  publisher p{{1, 10}};
  p.knows(entry(9, "a", 3));
  p.decided(decision("a", 4, stage::all_clear));
  p.decided(decision("b", 1, stage::take_cover));
  p.decided(decision("b", 2, stage::go));
  (void)p.append_now(at_ms(0));
  p.on_append_failed(at_ms(0));
  p.on_journalled();
  auto const said = p.say_now(at_ms(0));
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].level, stage::take_cover);
  EXPECT_EQ(said[0].after.seq, 11U) << "what is not said takes its place in the log too";
}

/// The database was put back: alarms that stood in the lost part would have ended for people who still need them.
TEST(publisher, a_log_that_went_back_gets_what_it_lacks_first) {
  publisher p{{1, 10}};
  p.knows(entry(9, "a", 3));
  p.knows(entry(7, "b", 1));
  p.decided(decision("c", 1));
  (void)p.append_now(at_ms(0));
  EXPECT_FALSE(p.begin_renewal()) << "an append is under way and will tell";
  p.on_append_refused();
  EXPECT_TRUE(p.begin_renewal());
  EXPECT_FALSE(p.begin_renewal());
  EXPECT_EQ(p.append_now(at_ms(0)), 0U);
  p.on_renewed({2, 10}, {entry(4, "a", 2), entry(7, "b", 1)});
  auto const next = p.waiting();
  ASSERT_EQ(next.size(), 2U);
  EXPECT_EQ(next[0].rev, 3U);
  EXPECT_EQ(next[1].zone, zone_named("c"));
  EXPECT_EQ(p.append_now(at_ms(0)), 2U);
}

TEST(outbox, keeps_order_and_lets_go_what_the_bus_does_not_take) {
  outbox o{2};
  EXPECT_TRUE(o.take_backlog());
  o.add({entry(1, "a"), entry(2, "a"), entry(3, "a")});
  EXPECT_TRUE(o.take_backlog());
  EXPECT_EQ(o.next()->at.seq, 2U);
  o.on_published(true);
  EXPECT_EQ(o.take_published(), (std::vector<cursor>{{1, 2}}));
  o.on_published(false);
  EXPECT_EQ(o.next(), nullptr);
  EXPECT_TRUE(o.take_backlog());
  EXPECT_FALSE(o.take_backlog());
}

}  // namespace
}  // namespace siren
