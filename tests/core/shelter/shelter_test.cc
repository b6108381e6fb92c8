#include "core/shelter/shelter.h"

#include <gtest/gtest.h>

namespace siren {
namespace {

struct row {
  char const* story;
  shelter_type type;
  metro_role role;
  open_state state;
  bool surface;
  std::uint32_t occupancy;
  bool takes;
};

TEST(takes_people, table) {
  using t = shelter_type;
  using r = metro_role;
  using o = open_state;
  row const rows[] = {
      {"open with room", t::basic, r::none, o::open, false, 99, true},
      {"last place taken", t::basic, r::none, o::open, false, 100, false},
      {"overfilled by an override", t::basic, r::none, o::open, false, 130, false},
      {"nobody knows", t::storage, r::none, o::unknown, false, 0, false},
      {"locked", t::storage, r::none, o::closed, false, 0, false},
      {"said to be full", t::radiation, r::none, o::full, false, 0, false},
      {"station with trains", t::metro_station, r::train, o::open, false, 0, true},
      {"station as shelter", t::metro_station, r::shelter_only, o::open, false, 0, true},
      {"escalators stand", t::metro_station, r::no_escalator, o::open, false, 0, true},
      {"on reserve power", t::metro_station, r::no_power, o::open, false, 0, true},
      {"closed station", t::metro_station, r::closed, o::open, false, 0, false},
      {"full station", t::metro_station, r::full, o::open, false, 0, false},
      {"station without a role", t::metro_station, r::none, o::open, false, 0, false},
      {"station above ground", t::metro_station, r::train, o::open, true, 0, false},
  };
  for (auto const& c : rows) {
    shelter s;
    s.type = c.type, s.role = c.role, s.state = c.state, s.surface = c.surface;
    s.capacity = 100, s.occupancy = c.occupancy;
    EXPECT_EQ(takes_people(s), c.takes) << c.story;
  }
}

TEST(takes_people, unknown_capacity_is_no_room) {
  shelter s;
  s.state = open_state::open;
  EXPECT_FALSE(takes_people(s));
}

TEST(shelter_names, come_back) {
  for (int i = 1; i <= 6; ++i)
    EXPECT_EQ(shelter_type_named(name_of(static_cast<shelter_type>(i))), static_cast<shelter_type>(i));
  for (int i = 0; i <= 3; ++i)
    EXPECT_EQ(open_state_named(name_of(static_cast<open_state>(i))), static_cast<open_state>(i));
  for (int i = 0; i <= 6; ++i)
    EXPECT_EQ(metro_role_named(name_of(static_cast<metro_role>(i))), static_cast<metro_role>(i));
  EXPECT_FALSE(shelter_type_named("bunker"));
  EXPECT_FALSE(open_state_named(""));
  EXPECT_FALSE(metro_role_named("Train"));
}

}  // namespace
}  // namespace siren
