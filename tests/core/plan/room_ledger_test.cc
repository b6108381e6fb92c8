#include "core/plan/room_ledger.h"

#include <gtest/gtest.h>

namespace siren {
namespace {

constexpr target_index kHere{0};

TEST(room_ledger, outside_an_alarm_everybody_inside_counts) {
  room_ledger rooms{1};
  rooms.set(kHere, true, 100, 30);
  EXPECT_EQ(rooms.room(kHere), 70U);
  rooms.set(kHere, true, 100, 120);
  EXPECT_EQ(rooms.room(kHere), 0U);
  rooms.set(kHere, false, 100, 0);
  EXPECT_EQ(rooms.room(kHere), 0U);
}

/// Promise "soft reservations": who was sent and arrives does not push others out; who was not sent does.
TEST(room_ledger, soft_reservations) {
  room_ledger rooms{1};
  rooms.set(kHere, true, 100, 10);
  rooms.alarm_is(true);
  rooms.sent_is(kHere, 60);
  for (std::uint32_t inside = 10; inside <= 70; ++inside) {
    rooms.set(kHere, true, 100, inside);
    ASSERT_EQ(rooms.room(kHere), 90U) << inside;
  }
  rooms.set(kHere, true, 100, 80);  // ten more than were sent
  EXPECT_EQ(rooms.room(kHere), 80U);
  rooms.sent_is(kHere, 75);  // the plan sends more
  EXPECT_EQ(rooms.room(kHere), 90U);
  rooms.sent_is(kHere, 40);  // it sends fewer, but those may have come
  EXPECT_EQ(rooms.room(kHere), 90U);
  rooms.set(kHere, true, 100, 5);  // people leave who were there before
  EXPECT_EQ(rooms.room(kHere), 95U);
}

TEST(room_ledger, after_the_all_clear_everybody_inside_counts_again) {
  room_ledger rooms{1};
  rooms.set(kHere, true, 100, 0);
  rooms.alarm_is(true);
  rooms.sent_is(kHere, 90);
  rooms.set(kHere, true, 100, 90);
  EXPECT_EQ(rooms.room(kHere), 100U);
  rooms.alarm_is(false);
  EXPECT_EQ(rooms.room(kHere), 10U);
  rooms.alarm_is(true);
  EXPECT_EQ(rooms.room(kHere), 10U);
}

}  // namespace
}  // namespace siren
