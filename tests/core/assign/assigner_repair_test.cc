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
  shape.profiles = 1 + static_cast<std::uint32_t>(seed % 3);
  return random_city_problem(shape);
}

/// One thing that an operator, a door counter or an alarm may change.
void change_something(assigner& a, std::mt19937_64& dice) {
  auto const& problem = a.problem();
  target_index const target{static_cast<std::uint32_t>(dice() % problem.targets.size())};
  lot_index const lot{static_cast<std::uint32_t>(dice() % problem.lots.size())};
  auto const room = problem.targets[target.value].room;
  switch (dice() % 10) {
    case 0:
      return a.set_room(target, 0);
    case 1:
      return a.set_room(target, static_cast<std::uint32_t>(dice() % 400));
    case 2:
      return a.set_room(target, room / 2);
    case 3:
      return a.set_room(target, room + 1);
    case 4:
      return a.set_room(target, room - std::min(room, 1U));
    case 5:
      return a.set_handicap(target, static_cast<std::uint32_t>(dice() % 4'000));
    case 6:
      return a.set_offers(target, static_cast<std::uint8_t>(dice() % 2));
    case 7:
      return a.set_people(lot, static_cast<std::uint32_t>(dice() % 15));
    case 8:
      return a.set_budget(lot, static_cast<std::uint32_t>(dice() % 18'000));
    default: {
      std::vector<lot_index> quarter;  // the deadline of a zone changes
      for (auto l = lot.value; l < std::min<std::size_t>(lot.value + 100, problem.lots.size()); ++l)
        quarter.push_back(lot_index{l});
      a.set_budget(quarter, dice() % 2 == 0 ? kNoBudget : static_cast<std::uint32_t>(3'000 + dice() % 15'000));
    }
  }
}

TEST(assigner_repair, after_any_changes_is_as_good_as_a_fresh_assignment) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    assigner a{city(seed, 1'500, 60 + static_cast<std::uint32_t>(seed % 3) * 30)};
    a.solve();
    std::mt19937_64 dice{seed};
    for (int round = 0; round < 40; ++round) {
      for (auto changes = 1 + dice() % 6; changes != 0; --changes) change_something(a, dice);
      EXPECT_TRUE(a.repair().finished);
      ASSERT_NO_FATAL_FAILURE(expect_feasible(a)) << "seed " << seed << " round " << round;
    }
    assigner fresh{a.problem()};
    fresh.solve();
    EXPECT_LE(static_cast<double>(a.certificate().objective),
              1.001 * static_cast<double>(fresh.certificate().objective))
        << "seed " << seed;
    EXPECT_LE(a.certificate().lower_bound, fresh.certificate().objective) << "seed " << seed;
  }
}

TEST(assigner_repair, nobody_is_left_at_a_closed_target_and_it_is_used_again_when_it_opens) {
  for (std::uint32_t const room_percent : {60U, 150U}) {
    assigner a{city(3, 2'000, room_percent)};
    a.solve();
    auto const objective = a.certificate().objective;
    for (std::uint32_t t = 0; t < a.problem().targets.size(); ++t) {
      auto const room = a.problem().targets[t].room;
      auto const load = a.load_of(target_index{t});
      a.set_room(target_index{t}, 0);
      auto const closed = a.repair();
      EXPECT_EQ(a.load_of(target_index{t}), 0U);
      EXPECT_GE(closed.people_moved, load);
      a.set_room(target_index{t}, room);
      a.repair();
      EXPECT_LE(static_cast<double>(a.certificate().objective), 1.001 * static_cast<double>(objective))
          << "target " << t;
      expect_feasible(a);
    }
  }
}

TEST(assigner_repair, a_target_closed_and_opened_between_repairs_moves_nobody) {
  assigner a{city(3, 2'000, 90)};
  a.solve();
  auto const before = places_of(a);
  for (std::uint32_t t = 0; t < a.problem().targets.size(); ++t) {
    auto const room = a.problem().targets[t].room;
    a.set_room(target_index{t}, 0);
    a.set_room(target_index{t}, room);
  }
  EXPECT_EQ(a.repair().people_moved, 0U);
  EXPECT_EQ(places_of(a), before);
}

TEST(assigner_repair, a_target_that_lost_trust_loses_people_and_regains_them) {
  assigner a{city(3, 2'000, 150)};
  a.solve();
  auto const objective = a.certificate().objective;
  for (std::uint32_t t = 0; t < a.problem().targets.size(); ++t) {
    auto const load = a.load_of(target_index{t});
    a.set_handicap(target_index{t}, 17'000);
    a.repair();
    EXPECT_TRUE(load == 0 || a.load_of(target_index{t}) < load) << "target " << t;
    a.set_handicap(target_index{t}, 0);
    a.repair();
    EXPECT_LE(static_cast<double>(a.certificate().objective), 1.001 * static_cast<double>(objective)) << "target " << t;
  }
  expect_feasible(a);
}

TEST(assigner_repair, people_who_leave_a_lot_leave_staying_or_the_dearest_way_first) {
  assignment_problem problem;
  problem.first_choice = {0, 2};
  problem.choices = {{target_index{0}, 1'000}, {target_index{1}, 4'000}};
  problem.lots = {{.list = 0, .people = 9}};
  problem.targets = {{.room = 3}, {.room = 4}};
  assigner a{problem};
  a.solve();
  a.pin(lot_index{0});
  a.set_people(lot_index{0}, 5);
  EXPECT_EQ(a.staying(), 0U);
  EXPECT_EQ(a.load_of(target_index{0}), 3U);
  EXPECT_EQ(a.load_of(target_index{1}), 2U);
  a.set_room(target_index{1}, 0);
  a.repair();
  EXPECT_EQ(a.staying(), 2U);
  expect_feasible(a);
  a.set_people(lot_index{0}, 1);
  a.set_room(target_index{0}, 1);
  EXPECT_EQ(a.repair().people_moved, 0U);
  EXPECT_EQ(a.load_of(target_index{0}), 1U);
  a.set_people(lot_index{0}, 0);
  a.set_room(target_index{0}, 0);
  a.repair();
  a.set_people(lot_index{0}, 7);
  a.set_room(target_index{0}, 6);
  EXPECT_EQ(a.staying(), 7U) << "newcomers stay until the next repair";
  EXPECT_EQ(a.repair().people_moved, 0U) << "newcomers are not moved";
  EXPECT_EQ(a.load_of(target_index{0}), 6U);
  expect_feasible(a);
}

TEST(assigner_repair, reports_exactly_the_lots_and_people_that_changed) {
  assigner a{city(4, 1'500, 110)};
  a.solve();
  std::mt19937_64 dice{4};
  std::uint64_t moved = 0;
  for (int round = 0; round < 60; ++round) {
    auto const before = places_of(a);
    for (int i = 0; i < 3; ++i) change_something(a, dice);
    auto const changes = a.repair();
    auto const after = places_of(a);
    std::vector<lot_index> differ;
    std::uint64_t people_moved = 0;
    for (std::uint32_t l = 0; l < before.size(); ++l) {
      if (before[l] == after[l]) continue;
      differ.push_back(lot_index{l});
      std::uint64_t were = 0;
      std::uint64_t are = 0;
      std::uint64_t kept = 0;
      for (auto const& [target, people] : before[l]) {
        were += people;
        if (auto const now = after[l].find(target); now != after[l].end()) kept += std::min(people, now->second);
      }
      for (auto const& [target, people] : after[l]) are += people;
      people_moved += std::min(were, are) - std::min(kept, std::min(were, are));
    }
    ASSERT_EQ(changes.lots, differ) << "round " << round;
    ASSERT_EQ(changes.people_moved, people_moved) << "round " << round;
    moved += people_moved;
  }
  EXPECT_GT(moved, 0U);
  EXPECT_TRUE(a.repair().lots.empty()) << "nothing was changed";
}

TEST(assigner_repair, single_places_wait_for_takers_but_not_for_ever) {
  assigner a{city(6, 4'000, 80)};
  a.solve();
  auto const first = a.certificate();
  std::mt19937_64 dice{6};
  std::uint64_t quiet = 0;
  for (int tick = 0; tick < 2'000; ++tick) {
    target_index const target{static_cast<std::uint32_t>(dice() % a.problem().targets.size())};
    a.set_room(target, a.problem().targets[target.value].room + 1);
    quiet += a.repair().people_moved == 0 ? 1 : 0;
  }
  expect_feasible(a);
  assigner fresh{a.problem()};
  fresh.solve();
  EXPECT_GT(quiet, 1'000U);
  EXPECT_LT(a.certificate().objective, first.objective);
  EXPECT_LE(static_cast<double>(a.certificate().objective), 1.001 * static_cast<double>(fresh.certificate().objective));
}

TEST(assigner_repair, works_without_a_solve_before) {
  assigner a{city(9, 600, 90)};
  auto const changes = a.repair();
  EXPECT_TRUE(changes.finished);
  EXPECT_GT(changes.people_moved, 0U);
  expect_feasible(a);
  assigner fresh{a.problem()};
  fresh.solve();
  EXPECT_LE(static_cast<double>(a.certificate().objective), 1.001 * static_cast<double>(fresh.certificate().objective));
}

}  // namespace
}  // namespace siren
