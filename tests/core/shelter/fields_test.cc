#include <gtest/gtest.h>

#include "core/shelter/registry.h"

namespace siren {
namespace {

utc_time const kThen{hours{400'000}};
utc_time const kNow{hours{400'010}};

shelter station() {
  shelter s;
  s.id = shelter_id{"m1"};
  s.type = shelter_type::metro_station;
  s.name_en = "Arsenalna";
  s.place = {degrees{50.44}, degrees{30.54}};
  s.entrances = {{"1", s.place, false}};
  s.capacity = 100;
  s.role = metro_role::train;
  s.state = open_state::open;
  s.verified_at = kThen;
  return s;
}

result<shelter> with(shelter const& s, set_fields fields) {
  return change(s, {std::nullopt, fields}, kNow);
}

TEST(shelter_fields, several_at_once_are_one_revision) {
  auto const now = with(station(), {open_state::full, metro_role::no_power, 50, true, true, false}).value();
  EXPECT_EQ(now.revision, 2U);
  EXPECT_EQ(now.state, open_state::full);
  EXPECT_EQ(now.role, metro_role::no_power);
  EXPECT_EQ(now.capacity, 50U);
  EXPECT_TRUE(now.step_free);
  EXPECT_TRUE(now.pets);
  EXPECT_EQ(now.verified_at, kNow);
}

TEST(shelter_fields, absent_ones_stay_and_none_is_no_change) {
  EXPECT_EQ(with(station(), {}).value(), station());
  auto const pets = with(station(), {{}, {}, {}, {}, true, false}).value();
  EXPECT_EQ(pets.state, open_state::open);
  EXPECT_EQ(pets.verified_at, kThen) << "nobody said that they looked";
  EXPECT_EQ(with(station(), {{}, {}, {}, {}, {}, true})->verified_at, kNow);
}

TEST(shelter_fields, capacity_never_falls_below_the_people_inside) {
  auto crowded = station();
  crowded.occupancy = 60;
  EXPECT_EQ(with(crowded, {{}, {}, 59, {}, {}, false}).error().why, reason::occupancy_over_capacity);
  EXPECT_EQ(with(crowded, {{}, {}, 60, {}, {}, false})->capacity, 60U);
  crowded.occupancy = 160;  // overridden at the door: an operator can still say that it is full
  EXPECT_EQ(with(crowded, {open_state::full, {}, {}, {}, {}, false})->state, open_state::full);
}

struct import_case {
  char const* name;
  std::optional<utc_time> list_verified;
  open_state state_after;
  metro_role role_after;
};

// People would be sent to a shelter that an operator has just found locked.
TEST(shelter_fields, a_list_older_than_an_operators_look_does_not_undo_it) {
  auto current = station();
  current.state = open_state::closed;
  current.role = metro_role::no_power;
  for (auto const& c : {import_case{"never verified", std::nullopt, open_state::closed, metro_role::no_power},
                        import_case{"older", kThen - hours{1}, open_state::closed, metro_role::no_power},
                        import_case{"the same look, corrected", kThen, open_state::open, metro_role::train},
                        import_case{"newer", kNow, open_state::open, metro_role::train}}) {
    auto list = station();
    list.verified_at = c.list_verified;
    list.name_en = "Renamed";
    auto const now = change(current, {std::nullopt, put_shelter{list, true}}, kNow).value();
    EXPECT_EQ(now.state, c.state_after) << c.name;
    EXPECT_EQ(now.role, c.role_after) << c.name;
    EXPECT_EQ(now.verified_at, std::max(c.list_verified.value_or(kThen), kThen)) << c.name;
    EXPECT_EQ(now.name_en, "Renamed") << c.name;
  }
}

}  // namespace
}  // namespace siren
