#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "core/assign/assigner.h"
#include "core/assign/assignment_checks.h"

namespace siren {
namespace {

/// A problem told by lists of (target, cost) pairs.
struct story {
  std::vector<std::vector<target_choice>> lists;
  std::vector<people_lot> lots;
  std::vector<target_room> targets;

  [[nodiscard]] assignment_problem problem() const {
    assignment_problem p;
    p.first_choice.push_back(0);
    for (auto const& list : lists) {
      p.choices.insert(p.choices.end(), list.begin(), list.end());
      p.first_choice.push_back(static_cast<std::uint32_t>(p.choices.size()));
    }
    p.lots = lots;
    p.targets = targets;
    return p;
  }
};

target_choice to(std::uint32_t target, std::uint32_t cost_ds) {
  return {target_index{target}, cost_ds};
}

/// "lot>target:people …", s for staying.
std::string told(assigner const& a) {
  std::ostringstream text;
  auto const places = places_of(a);
  for (std::size_t l = 0; l < places.size(); ++l) {
    for (auto const& [target, people] : places[l]) {
      text << (text.tellp() > 0 ? " " : "") << l << '>';
      if (target == a.problem().targets.size())
        text << 's';
      else
        text << target;
      text << ':' << people;
    }
  }
  return text.str();
}

struct row {
  char const* what;
  story given;
  char const* expected;
};

class assigner_table : public testing::TestWithParam<row> {};

TEST_P(assigner_table, sends_people) {
  assigner a{GetParam().given.problem()};
  ASSERT_TRUE(a.solve());
  expect_feasible(a);
  EXPECT_EQ(told(a), GetParam().expected);
}

std::vector<target_choice> const kNearFar{to(0, 1'000), to(1, 4'000)};

INSTANTIATE_TEST_SUITE_P(
    cases, assigner_table,
    testing::Values(
        row{"nobody, nothing", {{}, {}, {}}, ""}, row{"nowhere to go", {{{}}, {{0, 5}}, {}}, "0>s:5"},
        row{"the nearest with room", {{kNearFar}, {{0, 5}}, {{5}, {5}}}, "0>0:5"},
        row{"a lot is split where the room ends", {{kNearFar}, {{0, 5}}, {{3}, {5}}}, "0>0:3 0>1:2"},
        row{"those without room stay", {{kNearFar}, {{0, 9}}, {{3}, {5}}}, "0>0:3 0>1:5 0>s:1"},
        row{"a closed target takes nobody", {{kNearFar}, {{0, 5}}, {{0}, {5}}}, "0>1:5"},
        row{"who has another way leaves the place to who has none",
            {{kNearFar, {to(0, 3'000)}}, {{0, 4}, {1, 4}}, {{4}, {9}}},
            "0>1:4 1>0:4"},
        row{"the total counts, not the first",  // 1000 + 9000 against 4000 + 2000
            {{kNearFar, {to(0, 2'000), to(1, 9'000)}}, {{0, 4}, {1, 4}}, {{4}, {9}}},
            "0>1:4 1>0:4"},
        row{"a budget forbids the far way", {{kNearFar}, {{0, 5, kPaceOne, 3'999}}, {{3}, {5}}}, "0>0:3 0>s:2"},
        row{"a budget is met at the ds", {{kNearFar}, {{0, 5, kPaceOne, 4'000}}, {{3}, {5}}}, "0>0:3 0>1:2"},
        row{"a budget holds at the lot's pace", {{kNearFar}, {{0, 5, kPaceOne * 2, 7'999}}, {{3}, {5}}}, "0>0:3 0>s:2"},
        row{"needs are met or one stays",
            {{kNearFar}, {{0, 5, kPaceOne, kNoBudget, 1}}, {{9, 0, 2}, {3, 0, 3}}},
            "0>1:3 0>s:2"},
        row{"needs of several kinds must all be met",
            {{kNearFar}, {{0, 5, kPaceOne, kNoBudget, 3}}, {{9, 0, 2}, {9, 0, 1}}},
            "0>s:5"},
        row{"a handicap outweighs a shorter walk", {{kNearFar}, {{0, 5}}, {{9, 3'500}, {9}}}, "0>1:5"},
        row{"a handicap is not scaled by the pace", {{kNearFar}, {{0, 5, kPaceOne * 2}}, {{9, 5'500}, {9}}}, "0>0:5"},
        row{"a walk dearer than staying is not taken", {{{to(0, 18'001)}}, {{0, 5}}, {{9}}}, "0>s:5"},
        row{"a target named twice has its room once", {{{to(0, 500), to(0, 900)}}, {{0, 5}}, {{3}}}, "0>0:3 0>s:2"},
        row{"lots of one list share the room",
            {{kNearFar}, {{0, 3}, {0, 3, kPaceOne * 2}}, {{3}, {3}}},
            "0>1:3 1>0:3"}),
    [](auto const& given) {
      std::string name = given.param.what;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return std::isalnum(c) == 0; }, '_');
      return name;
    });

TEST(assigner_answers, the_choice_of_people_who_are_no_lot) {
  assigner a{story{{kNearFar, kNearFar}, {{0, 5}}, {{5}, {9, 0, 1}}}.problem()};
  a.solve();
  EXPECT_EQ(a.best_choice({.list = 1, .people = 1}, std::nullopt, false), 2U) << "the nearest; nobody was turned away";
  EXPECT_EQ(a.best_choice({.list = 1, .people = 1}, std::nullopt, true), 3U) << "the nearest is full";
  EXPECT_EQ(a.best_choice({.list = 0, .people = 1}, target_index{0}, false), 1U) << "a second choice";
  EXPECT_EQ(a.best_choice({.list = 1, .people = 1, .budget_ds = 3'000}, target_index{0}, false), std::nullopt);
  EXPECT_EQ(a.best_choice({.list = 1, .people = 1, .needs = 1}, std::nullopt, false), 3U);
  EXPECT_EQ(a.best_choice({.list = 1, .people = 1, .needs = 2}, std::nullopt, false), std::nullopt);
}

TEST(assigner_answers, a_full_target_has_the_price_of_the_next_best_place) {
  assigner a{story{{kNearFar}, {{0, 5}}, {{3}, {5}}}.problem()};
  a.solve();
  EXPECT_NEAR(a.price_of(target_index{0}), 3'000, assign_policy{}.step_ds);
  EXPECT_EQ(a.price_of(target_index{1}), 0U);
  a.set_room(target_index{0}, 0);
  a.repair();
  EXPECT_EQ(a.price_of(target_index{0}), kNoBudget);
}

using assigner_death_test = testing::Test;

TEST(assigner_death_test, a_problem_out_of_order_is_a_bug) {
  EXPECT_DEATH(assigner{story({{{to(0, 9), to(0, 8)}}, {{0, 1}}, {{1}}}).problem()}, "order of cost");
  EXPECT_DEATH(assigner{story({{{to(1, 9)}}, {{0, 1}}, {{1}}}).problem()}, "target exists");
  EXPECT_DEATH(assigner{story({{{}}, {{1, 1}}, {}}).problem()}, "list exists");
  EXPECT_DEATH(assigner{story({{{}, {}}, {{1, 1}, {0, 1}}, {}}).problem()}, "order of list");
  EXPECT_DEATH(assigner{story({{{to(0, 1U << 27)}}, {{0, 1}}, {{1}}}).problem()}, "in range");
}

}  // namespace
}  // namespace siren
