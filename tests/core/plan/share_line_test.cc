#include "core/plan/share_line.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace siren {
namespace {

using going = std::pair<std::uint32_t, std::uint16_t>;

std::vector<going> phones(std::vector<node_option> const& options) {
  std::vector<going> by_share;
  std::uint32_t at = 0;
  for (auto const& o : options)
    for (; at <= o.last_share; ++at) by_share.emplace_back(o.target.value, o.ride);
  return by_share;
}

std::vector<option_people> random_people(std::mt19937_64& dice) {
  std::vector<option_people> people;
  for (std::uint32_t t = 0; t < 5; ++t)
    if (dice() % 2 == 0) people.push_back({{t}, kNoRide, static_cast<std::uint32_t>(1 + dice() % 40)});
  if (people.empty() || dice() % 3 == 0) people.push_back({{kNoIndex}, kNoRide, 7});
  return people;
}

/// Promise "phones follow the plan's counts": shares of phones are the people's shares, and when the counts change only
/// as many phones are redirected as people are.
TEST(share_line, phones_follow_the_counts_and_few_are_redirected) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 dice{seed};
    std::vector<node_option> before;
    std::map<going, double> share_before;
    for (int step = 0; step < 6; ++step) {
      auto const people = random_people(dice);
      std::vector<node_option> now;
      append_options(before, people, now);
      ASSERT_EQ(now.back().last_share, 0xFFFF);
      for (std::size_t i = 1; i < now.size(); ++i) ASSERT_GT(now[i].last_share, now[i - 1].last_share);
      auto const to = phones(now);
      ASSERT_EQ(to.size(), 65'536U);
      std::map<going, double> share;
      double total = 0;
      for (auto const& p : people) total += p.people;
      for (auto const& p : people) share[{p.target.value, p.ride}] = p.people / total;
      std::map<going, double> seen;
      for (auto const& g : to) seen[g] += 1.0 / 65'536;
      for (auto const& [g, s] : share) ASSERT_NEAR(seen[g], s, 2.0 / 65'536) << "seed " << seed;
      if (!before.empty()) {
        auto const was = phones(before);
        double redirected = 0;
        for (std::size_t i = 0; i < to.size(); ++i) redirected += to[i] == was[i] ? 0.0 : 1.0 / 65'536;
        double moved = 0;
        for (auto const& [g, s] : share_before) moved += std::max(0.0, s - share[g]);
        ASSERT_NEAR(redirected, moved, 12.0 / 65'536) << "seed " << seed;
      }
      before = now;
      share_before = share;
    }
  }
}

TEST(share_line, a_phone_keeps_its_share) {
  EXPECT_EQ(share_of(""), phone_share{0});
  EXPECT_EQ(share_of("a3f1"), share_of("a3f1"));
  std::array<int, 16> seen{};
  for (int i = 0; i < 16'000; ++i) ++seen[share_of("phone-" + std::to_string(i)).value >> 12];
  for (int const n : seen) EXPECT_NEAR(n, 1000, 150);
}

}  // namespace
}  // namespace siren
