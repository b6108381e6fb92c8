#include "core/stream/board.h"

#include <random>

#include <gtest/gtest.h>

#include "core/stream/entries_ahead.h"
#include "core/stream/stream_world.h"
#include "core/stream/zone_index.h"

namespace siren {
namespace {

using namespace stream_test;

board started(std::uint64_t seq = 0, board_policy policy = {}) {
  board b{nullptr, policy};
  EXPECT_TRUE(b.reset({1, seq}, {}, {}));
  return b;
}

TEST(board, entries_apply_only_in_turn) {
  auto b = started();
  EXPECT_EQ(b.apply(entry(1, "a")), board::outcome::applied);
  EXPECT_EQ(b.apply(entry(1, "a")), board::outcome::ignored);
  EXPECT_EQ(b.apply(entry(3, "a")), board::outcome::read_log);
  EXPECT_EQ(b.apply(entry(2, "b")), board::outcome::applied);
  EXPECT_EQ(b.apply(entry(1, "a", 1, false, 2)), board::outcome::read_state);
  EXPECT_EQ(b.at(), (cursor{1, 2}));
  EXPECT_EQ(board{nullptr}.apply(entry(1, "a")), board::outcome::read_state);
}

TEST(board, an_entry_knows_the_one_before_it_in_its_zone_and_is_encoded_once) {
  int encoded = 0;
  board b{[&](stream_entry const& e) {
    ++encoded;
    return std::make_shared<std::string const>(std::to_string(e.previous_seq_in_zone));
  }};
  b.reset({1, 5}, {entry(4, "a")}, {});
  b.apply(entry(6, "b"));
  b.apply(entry(7, "a", 2));
  b.apply(entry(8, "b", 2));
  EXPECT_EQ(encoded, 4);
  std::vector const zones{zone_named("a"), zone_named("b")};
  EXPECT_EQ(*b.next(5, zones)->bytes, "0");
  EXPECT_EQ(*b.next(6, zones)->bytes, "4");
  EXPECT_EQ(*b.next(7, zones)->bytes, "6");
  EXPECT_EQ(b.next(8, zones), nullptr);
}

TEST(board, the_ring_is_bounded_and_says_how_far_it_reaches) {
  auto b = started(0, {.ring = 3});
  for (std::uint64_t seq = 1; seq <= 5; ++seq) b.apply(entry(seq, seq % 2 ? "a" : "b"));
  EXPECT_EQ(b.floor(), 2U);
  EXPECT_TRUE(b.reaches({1, 2}));
  EXPECT_FALSE(b.reaches({1, 1}));
  EXPECT_FALSE(b.reaches({1, 6}));
  EXPECT_FALSE(b.reaches({2, 3}));
  std::vector const only_b{zone_named("b")};
  EXPECT_EQ(b.next(2, only_b)->at.seq, 4U);
  EXPECT_EQ(b.next(4, only_b), nullptr);
}

TEST(board, a_state_with_the_entries_before_it_lets_phones_continue) {
  memory_log log;
  for (int i = 0; i < 10; ++i) log.happen(i % 3 ? "a" : "b");
  auto const& all = log.entries();
  board b{nullptr};
  ASSERT_TRUE(b.reset(log.head(), log.newest(), {all.begin() + 4, all.end()}));
  EXPECT_EQ(b.floor(), 4U);
  EXPECT_EQ(b.at(), log.head());
  EXPECT_EQ(b.apply(log.happen("a")), board::outcome::applied);
  std::vector const zones{zone_named("a")};
  EXPECT_EQ(b.next(10, zones)->previous_seq_in_zone, 9U);
}

TEST(board, a_hole_in_the_recent_entries_is_not_bridged) {
  board b{nullptr};
  ASSERT_TRUE(b.reset({1, 9}, {}, {entry(5, "a"), entry(6, "a"), entry(8, "a"), entry(9, "a")}));
  EXPECT_EQ(b.floor(), 7U);
}

TEST(board, a_state_never_goes_back_in_an_epoch_and_an_epoch_replaces_everything) {
  auto b = started(7);
  b.apply(entry(8, "a"));
  EXPECT_FALSE(b.reset({1, 8}, {}, {}));
  EXPECT_FALSE(b.reset({1, 3}, {}, {}));
  EXPECT_TRUE(b.reset({2, 3}, {entry(2, "b", 1, false, 2)}, {}));
  EXPECT_EQ(b.newest(zone_named("a")), nullptr);
  EXPECT_FALSE(b.reaches({1, 8}));
}

/// People would have seen an ended alarm and not the one after it, for as long as their gateway was cut off from the
/// log: a zone's end and its next raise came in the wrong order, and what came first was let go (seeds 1093 and 1951).
TEST(board, what_the_bus_swaps_is_whole_without_the_log) {
  auto b = started();
  b.apply(entry(1, "a"));
  entries_ahead<stream_entry> ahead;
  auto const raised_again = entry(3, "a", 1, false, 1, "b");
  EXPECT_EQ(b.apply(raised_again), board::outcome::read_log);
  EXPECT_FALSE(b.take_provisional(beyond_a_gap(raised_again))) << "what is shown says as much";
  ahead.keep(raised_again.at, raised_again);
  EXPECT_FALSE(ahead.take_after(b.at()));
  EXPECT_EQ(b.apply(entry(2, "a", 2, true)), board::outcome::applied);
  auto const next = ahead.take_after(b.at());
  ASSERT_TRUE(next);
  EXPECT_EQ(b.apply(*next), board::outcome::applied);
  EXPECT_EQ(b.newest(zone_named("a"))->alert, raised_again.alert);
}

TEST(entries_ahead, are_of_one_epoch_bounded_and_never_old) {
  entries_ahead<int> ahead;
  ahead.keep({1, 5}, 5);
  EXPECT_FALSE(ahead.take_after({1, 5})) << "known";
  ahead.keep({1, 9}, 9);
  ahead.keep({2, 4}, 4);
  EXPECT_FALSE(ahead.take_after({1, 8})) << "another epoch came";
  for (std::uint64_t seq = entries_ahead<int>::kKept + 1; seq > 0; --seq)
    ahead.keep({3, seq + 1}, static_cast<int>(seq));
  EXPECT_EQ(ahead.take_after({3, 1}), 1);
  EXPECT_FALSE(ahead.take_after({3, entries_ahead<int>::kKept + 1})) << "the furthest was let go";
}

/// Promise "no hole": whatever order, loss and doubling the bus makes, reading the log when told to gives the log.
TEST(board, no_hole_for_any_order_loss_and_doubling) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random{seed};
    memory_log log;
    board b{nullptr, {.ring = 16}};
    b.reset(log.head(), {}, {});
    std::vector<stream_entry> bus;
    for (int step = 0; step < 120; ++step) {
      bus.push_back(log.happen(std::string(1, static_cast<char>('a' + random() % 4))));
      for (auto deliveries = random() % 3; deliveries > 0; --deliveries) {
        auto const outcome = b.apply(bus[bus.size() - 1 - random() % std::min<std::size_t>(bus.size(), 6)]);
        if (outcome != board::outcome::read_log) continue;
        for (auto seq = b.at().seq; seq < log.head().seq; ++seq)
          ASSERT_EQ(b.apply(log.entries()[seq]), board::outcome::applied);
      }
      for (char name = 'a'; name < 'e'; ++name) {
        std::vector const zones{zone_named(std::string(1, name))};
        auto seq = b.floor();
        while (auto const e = b.next(seq, zones)) {
          ASSERT_EQ(e->alert, log.entries()[e->at.seq - 1].alert) << "seed " << seed;
          ASSERT_LE(e->previous_seq_in_zone, std::max(seq, b.floor())) << "seed " << seed;
          seq = e->at.seq;
        }
      }
    }
  }
}

TEST(zone_index, finds_the_listeners_of_a_zone_only) {
  zone_index<int> index;
  std::vector const ab{zone_named("a"), zone_named("b")};
  std::vector const b{zone_named("b")};
  index.add(1, ab);
  index.add(2, b);
  EXPECT_EQ(index.of(zone_named("a")), std::vector<int>{1});
  EXPECT_EQ(index.of(zone_named("b")).size(), 2U);
  index.remove(1, ab);
  EXPECT_TRUE(index.of(zone_named("a")).empty());
  EXPECT_EQ(index.of(zone_named("b")), std::vector<int>{2});
}

}  // namespace
}  // namespace siren
