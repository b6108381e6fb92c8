#include "core/shelter/counting.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace siren {
namespace {

shelter_id const kA{"a"};
shelter_id const kB{"b"};

count_delta word(std::uint64_t run, std::uint64_t sequence, std::int32_t people, shelter_id const& where = kA,
                 std::string const& sensor = "door") {
  return {where, sensor, run, sequence, people};
}

TEST(counting, table) {
  struct row {
    char const* story;
    std::vector<count_delta> deltas;
    std::int64_t sum;
    count_tally tally;
  };
  row const rows[] = {
      {"in order", {word(1, 1, 5), word(1, 2, -2)}, 3, {2, 0, 0, 0}},
      {"sent twice", {word(1, 1, 5), word(1, 1, 5)}, 5, {1, 1, 0, 0}},
      {"an old one comes late", {word(1, 1, 5), word(1, 2, 1), word(1, 1, 5)}, 6, {2, 1, 0, 0}},
      {"one is missing", {word(1, 1, 5), word(1, 3, 7)}, 5, {1, 0, 1, 0}},
      {"the first is missing", {word(1, 2, 5)}, 0, {0, 0, 1, 0}},
      {"a later run begins again", {word(1, 1, 5), word(4, 1, 3), word(4, 2, 1)}, 9, {3, 0, 0, 0}},
      {"an earlier run is over", {word(4, 1, 3), word(1, 1, 5)}, 3, {1, 0, 1, 0}},
      {"another shelter's sensor", {word(1, 1, 5), word(1, 2, 5, kB)}, 5, {1, 0, 0, 1}},
      {"no such shelter", {word(1, 1, 5, shelter_id{"x"})}, 0, {0, 0, 0, 1}},
      {"two doors", {word(1, 1, 5), word(1, 1, 4, kA, "gate")}, 9, {2, 0, 0, 0}},
      {"a sum may leave the bounds", {word(1, 1, -5), word(1, 2, 3)}, -2, {2, 0, 0, 0}},
  };
  for (auto const& c : rows) {
    count_book book{{{kA, 0}, {kB, 0}}, {}};
    auto const tally = apply(book, c.deltas);
    EXPECT_EQ(book.sums[kA], c.sum) << c.story;
    EXPECT_EQ(tally, c.tally) << c.story;
  }
}

// However batches are cut, repeated and mixed between sensors, each person is counted once.
TEST(counting, the_sum_is_exact_for_any_seed) {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    std::mt19937 dice{seed};
    count_book book{{{kA, 0}}, {}};
    std::vector<std::vector<count_delta>> all(4);
    std::int64_t sum = 0;
    for (std::size_t s = 0; s < all.size(); ++s)
      for (std::uint64_t n = 1; n <= 100; ++n) {
        auto const people = static_cast<std::int32_t>(dice() % 7) - 3;
        sum += people;
        all[s].push_back(word(9, n, people, kA, "s" + std::to_string(s)));
      }
    std::vector<std::size_t> done(all.size(), 0);
    while (std::any_of(done.begin(), done.end(), [](auto n) { return n < 100; })) {
      auto const s = dice() % all.size();
      auto const from = done[s] - std::min<std::size_t>(done[s], dice() % 20);
      auto const to = std::min<std::size_t>(from + dice() % 30, 100);
      apply(book,
            {all[s].begin() + static_cast<std::ptrdiff_t>(from), all[s].begin() + static_cast<std::ptrdiff_t>(to)});
      done[s] = std::max(done[s], to);
    }
    EXPECT_EQ(book.sums[kA], sum) << seed;
  }
}

TEST(counting, what_is_shown_stays_in_bounds) {
  EXPECT_EQ(people_shown(-3, 100), 0U);
  EXPECT_EQ(people_shown(57, 100), 57U);
  EXPECT_EQ(people_shown(101, 100), 100U);
  EXPECT_EQ(people_shown(900, 0), 900U) << "no capacity told bounds nothing";
  EXPECT_EQ(people_shown(900'000, 0), 200'000U);
}

TEST(counting, limits) {
  EXPECT_TRUE(validate({word(0, 1, 10'000)}));
  EXPECT_EQ(validate({word(1, 1, 10'001)}).error().why, reason::count_out_of_range);
  EXPECT_EQ(validate({word(1, 1, -10'001)}).error().why, reason::count_out_of_range);
  EXPECT_EQ(validate({word(~0ULL, 1, 1)}).error().why, reason::count_out_of_range);
  EXPECT_EQ(validate({word(1, 0, 1)}).error().why, reason::missing_field);
  EXPECT_EQ(validate({word(1, 1, 1, kA, "")}).error().why, reason::missing_field);
  EXPECT_EQ(validate({word(1, 1, 1, kA, std::string(101, 'x'))}).error().why, reason::field_too_long);
  EXPECT_EQ(validate(std::vector<count_delta>(10'001, word(1, 1, 1))).error().why, reason::count_out_of_range);
}

}  // namespace
}  // namespace siren
