#include "core/alert/alert_book.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <random>
#include <set>

namespace siren {
namespace {

constexpr utc_time kEvening{milliseconds{1'769'200'000'123}};

danger_change change(std::string const& zone, stage level, utc_time when, bool partly = false) {
  danger_change c;
  c.now.zone = zone_id{zone};
  c.now.level = level;
  c.now.partly = partly;
  if (level != stage::all_clear) {
    threat t;
    t.asks = level;
    t.issuer_name = "siren";
    c.now.threats = {t};
  }
  c.at = when;
  c.because.trace = trace_id{"ab"};
  return c;
}

TEST(alert_book, an_alert_lives_from_raise_to_all_clear) {
  alert_book book;
  auto const raised = apply(book, change("31", stage::prepare, kEvening), {});
  ASSERT_EQ(raised.size(), 1U);
  EXPECT_EQ(raised[0].id, alert_id{"31@1769200000123"});
  EXPECT_EQ(raised[0].rev, 1U);
  EXPECT_EQ(raised[0].because.trace, trace_id{"ab"});
  auto const higher = apply(book, change("31", stage::go, kEvening + seconds{9}), {});
  ASSERT_EQ(higher.size(), 1U);
  EXPECT_EQ(higher[0].id, raised[0].id);
  EXPECT_EQ(higher[0].rev, 2U);
  EXPECT_EQ(higher[0].raised_at, kEvening);
  EXPECT_EQ(higher[0].changed_at, kEvening + seconds{9});
  auto const over = apply(book, change("31", stage::all_clear, kEvening + minutes{9}), {});
  ASSERT_EQ(over.size(), 1U);
  EXPECT_TRUE(over[0].ended());
  EXPECT_EQ(over[0].rev, 3U);
  EXPECT_TRUE(over[0].threats.empty());
  EXPECT_TRUE(book.open.empty());
}

TEST(alert_book, nothing_new_is_nothing) {
  alert_book book;
  EXPECT_TRUE(apply(book, change("31", stage::all_clear, kEvening), {}).empty());
  EXPECT_EQ(apply(book, change("31", stage::go, kEvening), {}).size(), 1U);
  EXPECT_TRUE(apply(book, change("31", stage::go, kEvening + seconds{1}), {}).empty());
  EXPECT_EQ(apply(book, change("31", stage::go, kEvening + seconds{1}, true), {}).size(), 1U);
}

TEST(alert_book, a_second_raise_within_the_same_millisecond_is_another_alert) {
  alert_book book;
  std::set<alert_id> ids;
  for (int i = 0; i < 5; ++i) {
    ids.insert(apply(book, change("31", stage::go, kEvening), {})[0].id);
    EXPECT_EQ(apply(book, change("31", stage::all_clear, kEvening), {}).size(), 1U);
  }
  EXPECT_EQ(ids.size(), 5U);
}

TEST(alert_book, names_the_most_urgent_threats_only) {
  alert_book book;
  auto c = change("31", stage::go, kEvening);
  c.now.threats.resize(20, c.now.threats[0]);
  EXPECT_EQ(apply(book, c, {}).at(0).threats.size(), alert_policy{}.most_threats);
}

TEST(alert_book, a_restart_goes_on_where_the_log_stands) {
  alert_book before;
  std::vector<alert> log;
  auto take = [&](danger_change const& c) {
    for (auto const& a : apply(before, c, {})) log.push_back(a);
  };
  take(change("31", stage::prepare, kEvening));
  take(change("31", stage::go, kEvening + seconds{1}));
  take(change("32", stage::go, kEvening));
  take(change("32", stage::all_clear, kEvening + seconds{5}));
  std::reverse(log.begin(), log.end());

  alert_book after;
  restore(after, log);
  ASSERT_EQ(after.open.size(), 1U);
  EXPECT_TRUE(apply(after, change("31", stage::go, kEvening + minutes{1}), {}).empty());
  EXPECT_EQ(apply(after, change("31", stage::take_cover, kEvening + minutes{1}), {}).at(0).rev, 3U);
  EXPECT_NE(apply(after, change("32", stage::go, kEvening), {}).at(0).id, log[1].id);
}

// Any sequence of changes: revisions without holes, one open alert a zone, ids never used twice.
TEST(alert_book, revisions_have_no_holes) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 random{seed};
    alert_book book;
    std::map<alert_id, alert> merged;
    auto now = kEvening;
    for (int i = 0; i < 500; ++i) {
      now += milliseconds{random() % 3};
      auto const zone = std::to_string(random() % 4);
      for (auto const& a :
           apply(book, change(zone, static_cast<stage>(1 + random() % 4), now, random() % 2 == 0), {})) {
        auto const known = merged.find(a.id);
        ASSERT_EQ(a.rev, known == merged.end() ? 1U : known->second.rev + 1) << seed;
        ASSERT_TRUE(known == merged.end() || !known->second.ended()) << seed;
        merged.insert_or_assign(a.id, a);
      }
      std::set<zone_id> open;
      for (auto const& [id, a] : merged) {
        if (!a.ended()) {
          ASSERT_TRUE(open.insert(a.zone).second) << seed;
        }
      }
    }
  }
}

}  // namespace
}  // namespace siren
