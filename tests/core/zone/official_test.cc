#include "core/zone/official.h"

#include <gtest/gtest.h>

#include "core/zone/worlds.h"

namespace siren {
namespace {

using test::kEvening;

region_alarm said(std::string const& source, bool active, int second, alarm_type type = alarm_type::air) {
  region_alarm a;
  a.source = source_id{source};
  a.region = zone_id{"kyiv"};
  a.type = type;
  a.active = active;
  a.changed_at = kEvening + seconds{second};
  return a;
}
feed_state feed(std::string const& source, bool alive) {
  return {source_id{source}, alive, kEvening};
}

std::size_t running(official_book const& b) {
  return alarms_of(b, zone_id{"kyiv"}).size();
}

TEST(official, any_live_source_starts_and_each_must_clear) {
  official_book b;
  apply(b, said("one", true, 1));
  apply(b, said("two", true, 2));
  apply(b, said("one", false, 3));
  ASSERT_EQ(running(b), 1U);
  EXPECT_EQ(alarms_of(b, zone_id{"kyiv"})[0].issuer_name, "two");
  apply(b, said("two", false, 4));
  EXPECT_EQ(running(b), 0U);
}

TEST(official, who_did_not_start_does_not_clear) {
  official_book b;
  apply(b, said("one", true, 1));
  apply(b, said("two", false, 2));
  EXPECT_EQ(running(b), 1U);
}

TEST(official, a_death_ends_nothing) {
  official_book b;
  apply(b, said("one", true, 1));
  apply(b, feed("one", false));
  EXPECT_EQ(running(b), 1U);
}

TEST(official, a_dead_holder_is_not_waited_for) {
  official_book b;
  apply(b, said("one", true, 1));
  apply(b, said("two", true, 1));
  apply(b, feed("one", false));
  apply(b, said("two", false, 2));
  EXPECT_EQ(running(b), 0U);
  // Back again: what it said before its death was heard, and is over.
  apply(b, feed("one", true));
  EXPECT_EQ(running(b), 0U);
}

TEST(official, a_dead_sources_words_wait_until_it_lives) {
  official_book b;
  apply(b, feed("one", false));
  EXPECT_TRUE(apply(b, said("one", true, 1)).empty());
  EXPECT_EQ(running(b), 0U);
  EXPECT_EQ(apply(b, feed("one", true)), std::set{zone_id{"kyiv"}});
  EXPECT_EQ(running(b), 1U);
  apply(b, feed("one", false));
  apply(b, said("one", false, 2));
  EXPECT_EQ(running(b), 1U);
  apply(b, feed("one", true));
  EXPECT_EQ(running(b), 0U);
}

TEST(official, with_only_dead_holders_another_source_may_start_and_clear) {
  official_book b;
  apply(b, said("one", true, 1));
  apply(b, feed("one", false));
  apply(b, said("two", true, 2));
  apply(b, said("two", false, 3));
  EXPECT_EQ(running(b), 0U);
}

TEST(official, a_late_older_word_changes_nothing) {
  official_book b;
  apply(b, said("one", true, 10));
  apply(b, said("one", false, 5));
  EXPECT_EQ(running(b), 1U);
}

TEST(official, kinds_are_held_apart) {
  official_book b;
  apply(b, said("one", true, 1, alarm_type::air));
  apply(b, said("one", true, 1, alarm_type::artillery));
  apply(b, said("one", false, 2, alarm_type::air));
  ASSERT_EQ(running(b), 1U);
  EXPECT_EQ(alarms_of(b, zone_id{"kyiv"})[0].type, alarm_type::artillery);
}

}  // namespace
}  // namespace siren
