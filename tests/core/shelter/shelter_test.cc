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

TEST(obstacles, table) {
  struct spoilt {
    char const* story;
    void (*spoil)(shelter&);
    std::optional<obstacle> why;
  };
  spoilt const rows[] = {
      {"as it should be", [](shelter&) {}, std::nullopt},
      {"geocoded to another house", [](shelter& s) { s.place_doubtful = true; }, obstacle::place_doubtful},
      {"a school's", [](shelter& s) { s.access = access_rule::school; }, obstacle::access_limited},
      {"the residents'", [](shelter& s) { s.access = access_rule::residents; }, obstacle::access_limited},
      {"said to be for everyone", [](shelter& s) { s.access = access_rule::everyone; }, std::nullopt},
      {"locked at night",
       [](shelter& s) {
         s.open_hours = daily_hours{600, 1'080};
       },
       obstacle::hours_limited},
      {"round the clock", [](shelter& s) { s.open_hours = daily_hours{}; }, std::nullopt},
      {"nobody knows", [](shelter& s) { s.state = open_state::unknown; }, obstacle::state_unknown},
      {"locked", [](shelter& s) { s.state = open_state::closed; }, obstacle::closed},
      {"said to be full", [](shelter& s) { s.state = open_state::full; }, obstacle::closed},
      {"no capacity told", [](shelter& s) { s.capacity = 0; }, obstacle::capacity_unknown},
      {"an assumed capacity is one", [](shelter& s) { s.capacity_assumed = true; }, std::nullopt},
      {"more likely shut", [](shelter& s) { s.confidence = 45; }, obstacle::doubted},
      {"as likely open", [](shelter& s) { s.confidence = 50; }, std::nullopt},
      {"full", [](shelter& s) { s.occupancy = 100; }, obstacle::full},
      {"a station without a role", [](shelter& s) { s.type = shelter_type::metro_station; }, obstacle::station_closed},
  };
  for (auto const& c : rows) {
    shelter s;
    s.capacity = 100;
    s.state = open_state::open;
    c.spoil(s);
    EXPECT_EQ(obstacle_of(s), c.why) << c.story;
    EXPECT_EQ(takes_people(s), !c.why) << c.story;
  }
}

TEST(daily_hours, text) {
  EXPECT_EQ(text_of({}), "always");
  EXPECT_EQ(text_of({600, 1'080}), "10:00-18:00");
  for (auto const* text : {"always", "00:00-00:01", "22:30-06:00", "08:05-24:00"}) {
    auto const hours = daily_hours_of(text);
    ASSERT_TRUE(hours) << text;
    EXPECT_EQ(text_of(*hours), text);
  }
  for (auto const* text : {"", "10-18", "10:00-10:00", "10:00-24:01", "10:60-11:00", "1a:00-12:00", "10:00 18:00"})
    EXPECT_FALSE(daily_hours_of(text)) << text;
}

TEST(shelter_names, come_back) {
  for (int i = 1; i <= 6; ++i)
    EXPECT_EQ(shelter_type_named(name_of(static_cast<shelter_type>(i))), static_cast<shelter_type>(i));
  for (int i = 0; i <= 3; ++i)
    EXPECT_EQ(open_state_named(name_of(static_cast<open_state>(i))), static_cast<open_state>(i));
  for (int i = 0; i <= 6; ++i)
    EXPECT_EQ(metro_role_named(name_of(static_cast<metro_role>(i))), static_cast<metro_role>(i));
  for (int i = 0; i <= 4; ++i)
    EXPECT_EQ(access_rule_named(name_of(static_cast<access_rule>(i))), static_cast<access_rule>(i));
  for (int i = 1; i <= 9; ++i) EXPECT_FALSE(name_of(static_cast<obstacle>(i)).empty());
  EXPECT_FALSE(access_rule_named("dogs"));
  EXPECT_FALSE(shelter_type_named("bunker"));
  EXPECT_FALSE(open_state_named(""));
  EXPECT_FALSE(metro_role_named("Train"));
}

}  // namespace
}  // namespace siren
