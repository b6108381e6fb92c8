#include <gtest/gtest.h>

#include "core/assign/assigner.h"
#include "core/assign/assignment_checks.h"
#include "core/assign/random_city_problem.h"

namespace siren {
namespace {

random_city_shape small_city(std::uint64_t seed, std::uint32_t nodes, std::uint32_t room_percent) {
  random_city_shape shape;
  shape.seed = seed;
  shape.nodes = nodes;
  shape.people = nodes * 7;
  shape.targets = std::max(3U, nodes / 29);
  shape.room_percent = room_percent;
  shape.profiles = 1 + static_cast<std::uint32_t>(seed % 3);
  return shape;
}

/// Handicaps, budgets, closed targets and a target named twice, which the plain city has not.
void make_uneven(assignment_problem& problem, std::uint64_t seed) {
  std::mt19937_64 dice{seed};
  for (auto& target : problem.targets) {
    if (dice() % 4 == 0) target.handicap_ds = static_cast<std::uint32_t>(dice() % 3'000);
    if (dice() % 12 == 0) target.room = 0;
  }
  for (auto& lot : problem.lots)
    if (dice() % 3 == 0) lot.budget_ds = static_cast<std::uint32_t>(dice() % 15'000);
  for (std::size_t list = 0; list + 1 < problem.first_choice.size(); ++list) {
    auto const begin = problem.first_choice[list];
    auto const end = problem.first_choice[list + 1];
    if (end - begin > 3 && dice() % 5 == 0) problem.choices[end - 1].target = problem.choices[begin].target;
  }
}

void expect_near_optimum(assignment_problem const& problem, std::uint64_t seed, double share) {
  assigner a{problem};
  ASSERT_TRUE(a.solve());
  expect_feasible(a);
  auto const optimum = optimal_cost(problem);
  auto const found = a.certificate();
  EXPECT_LE(found.lower_bound, optimum) << "seed " << seed;
  EXPECT_GE(found.objective, optimum) << "seed " << seed;
  EXPECT_LE(static_cast<double>(found.objective), static_cast<double>(optimum) * (1.0 + share)) << "seed " << seed;
}

TEST(assigner, is_within_a_thousandth_of_the_optimum_in_any_small_city) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    auto problem = random_city_problem(small_city(seed, 300, 40 + static_cast<std::uint32_t>(seed % 5) * 30));
    if (seed % 2 == 0) make_uneven(problem, seed);
    expect_near_optimum(problem, seed, 0.001);
  }
}

TEST(assigner, is_within_a_thousandth_of_the_optimum_and_proves_it_in_a_middle_city) {
  for (std::uint32_t const room_percent : {60U, 120U}) {
    auto shape = small_city(7, 6'000, room_percent);
    auto const problem = random_city_problem(shape);
    expect_near_optimum(problem, shape.seed, 0.0003);
    assigner a{problem};
    a.solve();
    EXPECT_LE(a.certificate().gap_ppm(), 1'000U) << room_percent;
  }
}

/// In problems too small for averages a person more or less decides; a step of a ds then gives the optimum itself
/// but for a few ds a person.
TEST(assigner, finds_the_optimum_of_tiny_problems_with_a_tiny_step) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    auto shape =
        small_city(seed, 4 + static_cast<std::uint32_t>(seed % 12), 50 + static_cast<std::uint32_t>(seed % 90));
    shape.targets = 1 + static_cast<std::uint32_t>(seed % 5);
    shape.side_m = 60'000.0;
    auto problem = random_city_problem(shape);
    make_uneven(problem, seed);
    assigner a{problem, {.step_ds = 1, .coarse_step_ds = 1}};
    ASSERT_TRUE(a.solve());
    expect_feasible(a);
    std::uint64_t people = 0;
    for (auto const& lot : problem.lots) people += lot.people;
    auto const optimum = optimal_cost(problem);
    EXPECT_LE(a.certificate().lower_bound, optimum) << "seed " << seed;
    EXPECT_LE(a.certificate().objective, optimum + people) << "seed " << seed;
  }
}

TEST(assigner, gives_the_same_answer_again) {
  auto const problem = random_city_problem(small_city(3, 2'000, 90));
  assigner a{problem};
  assigner b{problem};
  a.solve();
  b.solve();
  EXPECT_EQ(places_of(a), places_of(b));
  a.solve();
  EXPECT_EQ(places_of(a), places_of(b)) << "a second solve starts anew";
}

}  // namespace
}  // namespace siren
