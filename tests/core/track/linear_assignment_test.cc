#include "core/track/linear_assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace siren {
namespace {

using chosen = std::vector<std::optional<std::uint32_t>>;

double cost_of(chosen const& answer, std::span<pairing const> allowed, double left_out) {
  double sum = 0.0;
  for (std::uint32_t row = 0; row < answer.size(); ++row) {
    if (!answer[row]) {
      sum += left_out;
      continue;
    }
    double least = INFINITY;
    for (auto const& one : allowed)
      if (one.row == row && one.column == *answer[row]) least = std::min(least, one.cost);
    sum += least;
  }
  return sum;
}

/// Every way of choosing, for problems small enough.
double least_by_trying(std::uint32_t row, std::uint32_t rows, std::span<pairing const> allowed, double left_out,
                       std::vector<bool>& taken) {
  if (row == rows) return 0.0;
  double best = left_out + least_by_trying(row + 1, rows, allowed, left_out, taken);
  for (auto const& one : allowed) {
    if (one.row != row || taken[one.column]) continue;
    taken[one.column] = true;
    best = std::min(best, one.cost + least_by_trying(row + 1, rows, allowed, left_out, taken));
    taken[one.column] = false;
  }
  return best;
}

TEST(linear_assignment, the_nearest_is_not_always_the_best) {
  // Greedy would give row 0 column 0 and leave row 1 with 9.
  std::vector<pairing> const allowed{{0, 0, 1.0}, {0, 1, 2.0}, {1, 0, 2.0}, {1, 1, 9.0}};
  EXPECT_EQ(least_cost_assignment(2, 2, allowed, 100.0), (chosen{1U, 0U}));
}

TEST(linear_assignment, a_row_is_left_out_when_that_is_cheaper) {
  std::vector<pairing> const allowed{{0, 0, 5.0}, {1, 0, 4.0}, {2, 1, 50.0}};
  EXPECT_EQ(least_cost_assignment(3, 2, allowed, 10.0), (chosen{std::nullopt, 0U, std::nullopt}));
}

TEST(linear_assignment, nothing_to_pair) {
  EXPECT_EQ(least_cost_assignment(0, 3, {}, 1.0), chosen{});
  EXPECT_EQ(least_cost_assignment(2, 0, {}, 1.0), (chosen{std::nullopt, std::nullopt}));
}

TEST(linear_assignment, least_of_all_ways_for_any_small_problem) {
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    std::mt19937 draw{seed};
    auto const rows = draw() % 6;
    auto const columns = draw() % 6;
    double const left_out = static_cast<double>(draw() % 40) - 5.0;
    std::vector<pairing> allowed;
    for (std::uint32_t row = 0; row < rows; ++row)
      for (std::uint32_t column = 0; column < columns; ++column)
        if (draw() % 3 != 0) allowed.push_back({row, column, static_cast<double>(draw() % 60) - 20.0});
    std::shuffle(allowed.begin(), allowed.end(), draw);
    auto const answer = least_cost_assignment(rows, columns, allowed, left_out);
    std::vector<bool> taken(columns);
    for (auto const& column : answer) {
      if (!column) continue;
      EXPECT_FALSE(taken[*column]) << "seed " << seed;
      taken[*column] = true;
    }
    taken.assign(columns, false);
    EXPECT_NEAR(cost_of(answer, allowed, left_out), least_by_trying(0, rows, allowed, left_out, taken), 1e-9)
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace siren
