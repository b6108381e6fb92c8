#include <gtest/gtest.h>

#include "core/plan/plan_world.h"
#include "core/route/damage.h"

namespace siren {
namespace {

TEST(plan_file, comes_back_as_it_was) {
  auto w = make_plan_world(3, 14, 10, 1.2);
  w.make();
  auto const again = read_plan(write_plan(*w.plan), *w.streets, *w.input.walks);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, *w.plan);
}

TEST(plan_file, is_refused_for_other_streets_or_another_reach) {
  auto w = make_plan_world(3, 10, 6, 1.2);
  w.make();
  auto const bytes = write_plan(*w.plan);
  auto const other = make_plan_world(4, 10, 6, 1.2);
  EXPECT_EQ(read_plan(bytes, *other.streets, *other.input.walks).error().why, reason::schema_mismatch);
  w.walk({.ice = true});
  EXPECT_EQ(read_plan(bytes, *w.streets, *w.input.walks).error().why, reason::schema_mismatch);
}

TEST(plan_file, damage_is_refused) {
  auto w = make_plan_world(5, 10, 6, 0.8);
  w.make();
  auto const bytes = write_plan(*w.plan);
  std::mt19937_64 dice{1};
  for (int i = 0; i < 2'000; ++i) {
    ASSERT_FALSE(read_plan(damaged(bytes, dice, false), *w.streets, *w.input.walks));
    auto const read = read_plan(damaged(bytes, dice, true), *w.streets, *w.input.walks);
    if (!read) continue;  // what is read is safe to use
    w.plan = std::make_shared<city_plan const>(*read);
    auto const place = random_place(dice, 700.0);
    for (auto const p : kAllProfiles) (void)w.ask(place, std::nullopt, static_cast<std::uint16_t>(dice()), p);
  }
}

class plan_delta : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(seeds, plan_delta, testing::Range<std::uint64_t>(1, 9));

/// Promise "a delta leads to the plan": applied to its base it gives the same plan as the whole file, to any other plan
/// nothing.
TEST_P(plan_delta, leads_to_the_plan) {
  auto w = make_plan_world(GetParam(), 14, 10, 1.0);
  std::mt19937_64 dice{GetParam()};
  auto const first = w.make();
  EXPECT_TRUE(first.delta.empty());
  for (int step = 0; step < 10; ++step) {
    auto& s = w.input.shelters[dice() % w.input.shelters.size()];
    s.state = dice() % 2 == 0 ? open_state::open : open_state::closed;
    s.occupancy = static_cast<std::uint32_t>(dice() % (s.capacity + 1));
    w.tell(s.id.value);
    auto const base = *w.plan;
    auto const made = w.make();
    auto const next = apply_delta(base, made.delta);
    ASSERT_TRUE(next) << next.error().message;
    ASSERT_EQ(*next, *made.now);
    ASSERT_EQ(apply_delta(*made.now, made.delta).error().why, reason::plan_missing);
    ASSERT_EQ(apply_delta(*first.now, made.delta).ok(), step == 0);
  }
}

TEST(plan_delta_file, damage_is_refused) {
  auto w = make_plan_world(6, 12, 8, 0.8);
  w.make();
  auto const base = *w.plan;
  w.input.shelters[0].state = open_state::closed;
  w.input.shelters[1].name_en = "Renamed";
  w.tell(w.input.shelters[0].id.value);
  w.tell(w.input.shelters[1].id.value);
  auto const delta = w.make().delta;
  std::mt19937_64 dice{1};
  for (int i = 0; i < 2'000; ++i) {
    ASSERT_FALSE(apply_delta(base, damaged(delta, dice, false)));
    auto const next = apply_delta(base, damaged(delta, dice, true));
    if (!next) continue;
    auto same = *next;
    same.facts = w.plan->facts;  // words may be damaged under a checksum made to fit; nothing else may
    ASSERT_EQ(same, *w.plan);
  }
}

TEST(plan_delta_file, a_small_change_is_small) {
  auto w = make_plan_world(7, 40, 60, 1.2);
  w.make();
  auto& s = w.input.shelters[5];
  s.state = open_state::closed;
  w.tell(s.id.value);
  auto const made = w.make();
  EXPECT_LT(made.delta.size() * 8, write_plan(*made.now).size());
}

}  // namespace
}  // namespace siren
