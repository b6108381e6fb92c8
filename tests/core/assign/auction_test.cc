#include "core/assign/auction.h"

#include <gtest/gtest.h>

#include "core/assign/random_city_problem.h"

namespace siren {
namespace {

constexpr std::uint32_t kStep = 20;

/// The parts of an assigner, taken apart.
struct bench {
  explicit bench(assignment_problem p) : problem{std::move(p)} {
    for (std::uint32_t l = 0; l < seats.lots(); ++l) {
      seats.lot(l).needs_class = prices.class_of(problem.lots[l].needs);
      search.place(l);
    }
  }
  void set_room(std::uint32_t target, std::uint32_t room) {
    if (prices.closed(target) && seats.load(target) == 0) prices.set_level(target, problem.stay_cost_ds);
    seats.set_room(target, room);
    prices.set_closed(target, room == 0);
    search.mark_overfull(target);
    search.mark_hole(target);
  }
  [[nodiscard]] std::uint32_t value(lot_part const& part) const { return part.walk + prices.level(part.target); }

  assignment_problem problem;
  price_board prices{problem};
  seating seats{problem};
  incoming_index incoming{problem};
  auction search{problem, prices, seats, incoming};
};

/// What the search remembers of lots, to ask fewer of them, must never claim too much.
void expect_bounds_hold(bench& b) {
  for (std::uint32_t l = 0; l < b.seats.lots(); ++l) {
    auto const& lot = b.seats.lot(l);
    lot_part scratch;
    for (auto const& part : b.seats.parts(l, scratch)) {
      ASSERT_GE(b.seats.bounds(l).worth, b.value(part)) << "lot " << l;
      auto const elsewhere = b.search.best_offer(lot, part.target);
      ASSERT_LE(b.seats.bounds(l).other, elsewhere.value) << "lot " << l;
    }
  }
}

/// Complementary slackness within the step: nobody would rather be elsewhere, no place with a price is empty.
void expect_contentment(bench& b) {
  for (std::uint32_t l = 0; l < b.seats.lots(); ++l) {
    lot_part scratch;
    for (auto const& part : b.seats.parts(l, scratch))
      ASSERT_LE(b.value(part), b.search.best_offer(b.seats.lot(l), part.target).value + kStep) << "lot " << l;
  }
  for (std::uint32_t t = 0; t < b.prices.stay(); ++t) {
    ASSERT_LE(b.seats.load(t), b.seats.room(t));
    if (b.prices.closed(t) || b.prices.price(t) == 0) continue;
    ASSERT_EQ(b.seats.load(t), b.seats.room(t)) << "target " << t << " has a price and room";
  }
}

TEST(auction, leaves_everybody_content_after_any_change_of_rooms) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    random_city_shape shape;
    shape.seed = seed;
    shape.nodes = 900;
    shape.people = 6'000;
    shape.targets = 31;
    shape.room_percent = 60 + static_cast<std::uint32_t>(seed % 3) * 40;
    shape.profiles = 1 + static_cast<std::uint32_t>(seed % 3);
    bench b{random_city_problem(shape)};
    std::mt19937_64 dice{seed};
    for (int round = 0; round < 60; ++round) {
      ASSERT_TRUE(b.search.forward(kStep, {}));
      ASSERT_NO_FATAL_FAILURE(expect_bounds_hold(b)) << "forward, seed " << seed << " round " << round;
      ASSERT_TRUE(b.search.reverse(kStep, {}));
      ASSERT_NO_FATAL_FAILURE(expect_bounds_hold(b)) << "reverse, seed " << seed << " round " << round;
      ASSERT_NO_FATAL_FAILURE(expect_contentment(b)) << "seed " << seed << " round " << round;
      for (int i = 0; i < 3; ++i) {
        auto const target = static_cast<std::uint32_t>(dice() % shape.targets);
        b.set_room(target, dice() % 4 == 0 ? 0 : static_cast<std::uint32_t>(dice() % 500));
      }
    }
  }
}

TEST(auction, remembers_the_best_places_as_if_it_read_the_list_again) {
  random_city_shape shape;
  shape.nodes = 300;
  shape.people = 2'000;
  shape.targets = 31;
  shape.profiles = 3;
  bench b{random_city_problem(shape)};
  std::mt19937_64 dice{5};
  for (int round = 0; round < 400; ++round) {
    auto const target = static_cast<std::uint32_t>(dice() % shape.targets);
    auto const level = b.prices.level(target);
    auto const change = static_cast<std::uint32_t>(dice() % 400);
    bool const falls = dice() % 16 == 0;
    b.prices.set_level(target, falls ? level - std::min(level, change) : level + change);
    for (std::uint32_t l = round % 7; l < b.seats.lots(); l += 7) {
      auto const except = static_cast<std::uint32_t>(dice() % (shape.targets + 2));
      if (except == b.prices.stay()) continue;
      auto const known = b.search.remembered_offer(l, except);
      auto const read = b.search.best_offer(b.seats.lot(l), except);
      ASSERT_EQ(known.value, read.value) << "lot " << l << " round " << round;
      ASSERT_EQ(known.value, known.walk + b.prices.level(known.target));
      ASSERT_NE(known.target, except);
      ASSERT_LE(known.second, read.second) << "lot " << l << " round " << round;
    }
  }
}

TEST(price_board, shows_levels_to_those_whom_a_target_serves) {
  assignment_problem problem;
  problem.first_choice = {0, 0};
  problem.lots = {{.list = 0, .people = 1}, {.list = 0, .people = 1, .needs = 3}};
  problem.targets = {{.room = 5, .handicap_ds = 70, .offers = 3}, {.room = 5, .offers = 1}, {.room = 0, .offers = 3}};
  price_board board{problem};
  auto const any = board.class_of(0);
  auto const both = board.class_of(3);
  EXPECT_EQ(board.seen_by(any)[0], 70U);
  EXPECT_TRUE(board.serves(0, both));
  EXPECT_TRUE(board.serves(1, any));
  EXPECT_FALSE(board.serves(1, both));
  EXPECT_FALSE(board.serves(2, any)) << "closed";
  board.set_level(0, 300);
  EXPECT_EQ(board.price(0), 230U);
  board.set_handicap(0, 100);
  EXPECT_EQ(board.price(0), 200U) << "what a place costs its people stays as it was";
  board.set_handicap(0, 400);
  EXPECT_EQ(board.level(0), 400U);
  EXPECT_EQ(board.price(0), 0U);
  board.set_offers(1, 3);
  EXPECT_TRUE(board.serves(1, both));
  board.set_closed(1, true);
  EXPECT_FALSE(board.serves(1, any));
  board.reset();
  EXPECT_EQ(board.price(0), 0U);
  EXPECT_EQ(board.level(board.stay()), problem.stay_cost_ds);
}

}  // namespace
}  // namespace siren
