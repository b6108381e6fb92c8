#include "core/track/joint_association.h"

#include <gtest/gtest.h>

#include <cmath>

namespace siren {
namespace {

auto const kCrossing = [](std::span<std::uint32_t const>) { return true; };
auto const kNever = [](std::span<std::uint32_t const>) { return false; };
constexpr joint_limits kSmall{5, 4};

double cost_of_odds(double odds) {
  return -2.0 * std::log(odds);
}

TEST(joint_association, is_one_to_one_where_nothing_crosses) {
  // Row 0 is nearer to column 0 than row 1 is, but row 1 has nothing else.
  std::vector<pairing> const p{{0, 0, -10.0}, {0, 1, -9.0}, {1, 0, -8.0}};
  EXPECT_EQ(joint_association(2, 2, p, kSmall, kNever), (std::vector<claim>{{1, 0, 1.0}, {0, 1, 1.0}}));
}

TEST(joint_association, leaves_out_what_is_likelier_new) {
  std::vector<pairing> const p{{0, 0, 3.0}, {1, 1, -3.0}};
  EXPECT_EQ(joint_association(2, 2, p, kSmall, kNever), (std::vector<claim>{{1, 1, 1.0}}));
}

// Odds 3 and 1 against being new: events none 1, first 3, second 1.
TEST(joint_association, shares_one_report_by_the_odds) {
  std::vector<pairing> const p{{0, 0, cost_of_odds(3.0)}, {0, 1, cost_of_odds(1.0)}};
  auto const claims = joint_association(1, 2, p, kSmall, kCrossing);
  ASSERT_EQ(claims.size(), 2u);
  EXPECT_NEAR(claims[0].chance, 3.0 / 5.0, 1e-12);
  EXPECT_NEAR(claims[1].chance, 1.0 / 5.0, 1e-12);
}

// Of two ways to give the same reports to the same tracks only the better one counts; plain joint association would
// draw both tracks to the middle.
TEST(joint_association, does_not_grow_two_tracks_into_one) {
  std::vector<pairing> const p{
      {0, 0, cost_of_odds(100.0)}, {0, 1, cost_of_odds(60.0)}, {1, 0, cost_of_odds(60.0)}, {1, 1, cost_of_odds(100.0)}};
  auto const claims = joint_association(2, 2, p, kSmall, kCrossing);
  double straight = 0.0;
  double swapped = 0.0;
  for (auto const& c : claims) (c.row == c.column ? straight : swapped) += c.chance;
  EXPECT_GT(straight, 1.9);
  EXPECT_LT(swapped, 0.1);
}

TEST(joint_association, is_one_to_one_beyond_its_limits) {
  std::vector<pairing> p;
  for (std::uint32_t row = 0; row < 6; ++row)
    for (std::uint32_t column = 0; column < 6; ++column) p.push_back({row, column, row == column ? -2.0 : -1.9});
  for (auto const& c : joint_association(6, 6, p, kSmall, kCrossing)) {
    EXPECT_EQ(c.chance, 1.0);
    EXPECT_EQ(c.row, c.column);
  }
}

TEST(joint_association, settles_clusters_apart) {
  std::vector<pairing> const p{{0, 0, cost_of_odds(3.0)}, {0, 1, cost_of_odds(1.0)}, {1, 2, -5.0}};
  auto const claims = joint_association(2, 3, p, kSmall, kCrossing);
  ASSERT_EQ(claims.size(), 3u);
  EXPECT_EQ(claims[2], (claim{1, 2, 1.0}));
}

TEST(joint_association, of_nothing_is_nothing) {
  EXPECT_TRUE(joint_association(3, 3, {}, kSmall, kCrossing).empty());
  EXPECT_TRUE(joint_association(0, 0, {}, kSmall, kCrossing).empty());
}

}  // namespace
}  // namespace siren
