#include <gtest/gtest.h>

#include "core/assign/assigner.h"
#include "core/assign/assignment_checks.h"
#include "core/assign/random_city_problem.h"

namespace siren {
namespace {

assignment_problem city(std::uint64_t seed, std::uint32_t nodes, std::uint32_t room_percent) {
  random_city_shape shape;
  shape.seed = seed;
  shape.nodes = nodes;
  shape.people = nodes * 7;
  shape.targets = nodes / 29;
  shape.room_percent = room_percent;
  shape.profiles = 2;
  return random_city_problem(shape);
}

/// Says stop at its n-th question.
stop_search stop_at(std::uint64_t n) {
  return [n, asked = std::uint64_t{0}]() mutable { return ++asked >= n; };
}

TEST(assigner_anytime, a_stop_at_any_question_leaves_no_target_overfull) {
  auto const problem = city(1, 1'200, 110);
  assigner reference{problem};
  reference.solve();
  bool finished = false;
  for (std::uint64_t n = 1; !finished; n += 1 + n / 8) {
    assigner a{problem};
    finished = a.solve(stop_at(n));
    ASSERT_NO_FATAL_FAILURE(expect_feasible(a)) << "stopped at " << n;
    a.set_room(target_index{0}, 0);  // and the next repair, stopped or not, keeps the promises
    a.repair(stop_at(n));
    ASSERT_NO_FATAL_FAILURE(expect_feasible(a)) << "stopped at " << n;
    ASSERT_LT(n, 10'000'000U) << "a search ends";
  }
}

TEST(assigner_anytime, a_stop_at_once_is_still_far_better_than_staying) {
  auto const problem = city(2, 3'000, 120);
  assigner stopped{problem};
  EXPECT_FALSE(stopped.solve(stop_at(1)));
  assigner reference{problem};
  reference.solve();
  EXPECT_LT(stopped.certificate().objective, 2 * reference.certificate().objective);
}

TEST(assigner_anytime, the_next_repair_finishes_what_was_stopped) {
  auto const problem = city(3, 2'000, 130);
  assigner reference{problem};
  reference.solve();
  for (std::uint64_t n = 1;; n += 1 + n / 4) {
    assigner a{problem};
    if (a.solve(stop_at(n))) break;
    EXPECT_TRUE(a.repair().finished);
    expect_feasible(a);
    EXPECT_LE(a.certificate().gap_ppm(), 2 * reference.certificate().gap_ppm() + 100) << "no place is forgotten";
    EXPECT_LE(static_cast<double>(a.certificate().objective),
              1.001 * static_cast<double>(reference.certificate().objective))
        << n;
  }
}

/// People underway are not turned round for the good of others.
TEST(assigner_pins, people_underway_keep_their_target_while_it_serves_them) {
  assigner a{city(5, 1'500, 90)};
  a.solve();
  std::mt19937_64 dice{5};
  std::vector<lot_index> pinned;
  for (std::uint32_t l = 0; l < a.problem().lots.size(); ++l)
    if (dice() % 3 == 0) pinned.push_back(lot_index{l});
  for (auto const l : pinned) a.pin(l);
  auto const stay = static_cast<std::uint32_t>(a.problem().targets.size());
  for (int round = 0; round < 50; ++round) {
    auto const before = places_of(a);
    target_index const closed{static_cast<std::uint32_t>(dice() % stay)};
    target_index const halved{static_cast<std::uint32_t>(dice() % stay)};
    a.set_room(closed, 0);
    a.set_room(halved, a.problem().targets[halved.value].room / 2);
    lot_index const hurried = pinned[dice() % pinned.size()];
    a.set_budget(hurried, 2'000);
    if (round % 10 == 9)
      a.solve();
    else
      a.repair();
    ASSERT_NO_FATAL_FAILURE(expect_feasible(a));
    auto const after = places_of(a);
    for (auto const l : pinned) {
      for (auto const& [target, people] : before[l.value]) {
        if (target == stay || target == closed.value || target == halved.value || l == hurried) continue;
        auto const now = after[l.value].find(target);
        ASSERT_TRUE(now != after[l.value].end() && now->second >= people) << "round " << round << " lot " << l.value;
      }
    }
  }
}

TEST(assigner_pins, a_target_with_less_room_keeps_as_many_pinned_people_as_it_holds) {
  assigner a{city(6, 1'500, 90)};
  a.solve();
  for (std::uint32_t l = 0; l < a.problem().lots.size(); ++l) a.pin(lot_index{l});
  for (std::uint32_t t = 0; t < a.problem().targets.size(); ++t) {
    auto const load = a.load_of(target_index{t});
    if (load < 2) continue;
    a.set_room(target_index{t}, load / 2);
    EXPECT_EQ(a.repair().people_moved, load - load / 2) << "only those beyond the room move";
    EXPECT_EQ(a.load_of(target_index{t}), load / 2);
  }
  expect_feasible(a);
}

TEST(assigner_pins, a_pinned_lot_that_lost_people_keeps_the_others) {
  assignment_problem problem;
  problem.first_choice = {0, 2};
  problem.choices = {{target_index{0}, 1'000}, {target_index{1}, 9'000}};
  problem.lots = {{.list = 0, .people = 9}};
  problem.targets = {{.room = 0}, {.room = 9}};
  assigner a{problem};
  a.solve();
  a.pin(lot_index{0});
  a.set_people(lot_index{0}, 5);
  a.set_room(target_index{0}, 9);
  EXPECT_EQ(a.repair().people_moved, 0U) << "a nearer place opened, but they are on their way";
  EXPECT_EQ(a.load_of(target_index{1}), 5U);
  a.unpin(lot_index{0});
  EXPECT_EQ(a.repair().people_moved, 5U);
  EXPECT_EQ(a.load_of(target_index{0}), 5U);
  expect_feasible(a);
}

TEST(assigner_pins, unpinned_people_are_free_again) {
  assigner a{city(7, 1'500, 90)};
  a.solve();
  for (std::uint32_t l = 0; l < a.problem().lots.size(); ++l) a.pin(lot_index{l});
  for (std::uint32_t t = 0; t < a.problem().targets.size(); t += 4) a.set_room(target_index{t}, 0);
  a.repair();
  auto const stiff = a.certificate();
  for (std::uint32_t l = 0; l < a.problem().lots.size(); ++l) a.unpin(lot_index{l});
  a.repair();
  expect_feasible(a);
  assigner fresh{a.problem()};
  fresh.solve();
  EXPECT_LT(a.certificate().objective, stiff.objective);
  EXPECT_LE(static_cast<double>(a.certificate().objective), 1.001 * static_cast<double>(fresh.certificate().objective));
}

}  // namespace
}  // namespace siren
