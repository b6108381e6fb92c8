#include "swarm/ledger.h"

#include <gtest/gtest.h>

namespace siren::swarm {
namespace {

zone_id const kNorth{"north"};
zone_id const kSouth{"south"};

heard snapshot(std::uint64_t seq, std::vector<zone_id> zones) {
  return heard_snapshot{{1, seq}, std::move(zones)};
}
heard alert(std::uint64_t seq, zone_id const& zone) {
  return heard_alert{{1, seq}, zone};
}

logged log_of(std::uint64_t head, std::vector<std::uint64_t> north, std::vector<std::uint64_t> south = {}) {
  return {{1, head}, {{kNorth, std::move(north)}, {kSouth, std::move(south)}}};
}

TEST(ledger, everything_heard_in_order_is_a_clean_verdict) {
  auto const told = judge_delivery({snapshot(0, {kNorth}), alert(1, kNorth), alert(3, kNorth)}, log_of(3, {1, 3}, {2}));
  EXPECT_EQ(told.delivered, 2U);
  EXPECT_EQ(told.missing, 0U);
  EXPECT_EQ(told.out_of_order, 0U);
}

TEST(ledger, an_entry_left_out_before_a_later_one_is_missing) {
  auto const told = judge_delivery({snapshot(0, {kNorth}), alert(3, kNorth)}, log_of(3, {1, 3}));
  EXPECT_EQ(told.missing, 1U);
}

TEST(ledger, an_entry_at_the_end_that_never_came_is_missing) {
  auto const told = judge_delivery({snapshot(0, {kNorth}), alert(1, kNorth)}, log_of(2, {1, 2}));
  EXPECT_EQ(told.missing, 1U);
}

TEST(ledger, a_later_snapshot_covers_what_was_not_heard_one_by_one) {
  auto const told =
      judge_delivery({snapshot(0, {kNorth}), alert(1, kNorth), snapshot(4, {kNorth})}, log_of(4, {1, 2, 4}));
  EXPECT_EQ(told.missing, 0U);
  EXPECT_EQ(told.by_snapshot, 2U);
}

TEST(ledger, a_hole_is_counted_even_when_a_snapshot_came_later) {
  auto const told =
      judge_delivery({snapshot(0, {kNorth}), alert(3, kNorth), snapshot(4, {kNorth})}, log_of(4, {1, 3, 4}));
  EXPECT_EQ(told.missing, 1U);
}

TEST(ledger, going_back_is_out_of_order) {
  auto const told =
      judge_delivery({snapshot(0, {kNorth, kSouth}), alert(2, kSouth), alert(1, kNorth)}, log_of(2, {1}, {2}));
  EXPECT_EQ(told.out_of_order, 1U);
}

TEST(ledger, a_duplicate_does_not_hide_a_missing_entry) {
  auto const told = judge_delivery({snapshot(0, {kNorth}), alert(1, kNorth), alert(1, kNorth)}, log_of(2, {1, 2}));
  EXPECT_EQ(told.missing, 1U);
  EXPECT_EQ(told.out_of_order, 1U);
}

TEST(ledger, a_phone_without_any_snapshot_misses_everything) {
  EXPECT_EQ(judge_delivery({}, log_of(2, {1}, {2})).missing, 2U);
}

}  // namespace
}  // namespace siren::swarm
