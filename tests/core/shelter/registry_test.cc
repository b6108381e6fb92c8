#include "core/shelter/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace siren {
namespace {

using testing::HasSubstr;

utc_time const kNow{hours{500'000}};

shelter good() {
  shelter s;
  s.id = shelter_id{"K-1"};
  s.name_uk = "Підвал школи";
  s.place = {degrees{50.45}, degrees{30.52}};
  s.entrances = {{"", s.place, true}};
  s.capacity = 100;
  s.occupancy = 40;
  s.state = open_state::open;
  s.revision = 5;
  return s;
}

set_occupancy delta(std::int64_t people, bool force = false) {
  return {set_occupancy::kind::delta, people, force};
}
set_occupancy count(std::int64_t people, bool force = false) {
  return {set_occupancy::kind::absolute, people, force};
}

TEST(change, occupancy_keeps_its_bounds_unless_overridden) {
  struct row {
    set_occupancy edit;
    std::optional<std::uint32_t> people;
    reason why = reason::internal_error;
  };
  row const rows[] = {
      {delta(60), 100},
      {delta(61), {}, reason::occupancy_over_capacity},
      {delta(61, true), 101},
      {delta(-40), 0},
      {delta(-41), {}, reason::occupancy_below_zero},
      {delta(-41, true), 0},
      {count(0), 0},
      {count(100), 100},
      {count(-1), {}, reason::occupancy_below_zero},
      {count(101), {}, reason::occupancy_over_capacity},
      {count(5'000, true), 5'000},
      {count(200'001, true), {}, reason::count_out_of_range},
      {delta(std::numeric_limits<std::int64_t>::max(), true), {}, reason::count_out_of_range},
      {delta(std::numeric_limits<std::int64_t>::min(), true), {}, reason::count_out_of_range},
  };
  for (auto const& r : rows) {
    auto const next = change(good(), {5, r.edit}, kNow);
    ASSERT_EQ(next.ok(), r.people.has_value()) << r.edit.people;
    if (next) {
      EXPECT_EQ(next->occupancy, *r.people);
      EXPECT_EQ(next->revision, 6U);
    } else {
      EXPECT_EQ(next.error().why, r.why) << r.edit.people;
    }
  }
}

// An operator who stood at the door would have been overruled by a spreadsheet.
TEST(change, a_list_does_not_undo_what_was_seen_on_the_spot) {
  shelter seen = good();
  seen.verified_at = kNow;
  seen.access = access_rule::everyone;
  seen.open_hours = daily_hours{};
  seen.keyholder = "Oksana";
  seen.water = true;
  shelter listed = good();
  listed.access = access_rule::school;
  listed.open_hours = daily_hours{600, 1'080};
  listed.place_doubtful = true;
  listed.capacity = 37;
  listed.capacity_assumed = true;
  auto const same = change(seen, {std::nullopt, put_shelter{listed, true}}, kNow);
  ASSERT_TRUE(same);
  EXPECT_EQ(*same, seen);
  listed.verified_at = kNow + hours{1};
  auto const later = change(seen, {std::nullopt, put_shelter{listed, true}}, kNow);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->access, access_rule::school);
  EXPECT_EQ(later->open_hours, listed.open_hours);
  EXPECT_TRUE(later->place_doubtful);
  EXPECT_EQ(later->keyholder, "Oksana") << "the list tells none";
  EXPECT_EQ(later->capacity, 100U) << "a guess never replaces what was told";
}

TEST(change, an_operator_settles_what_lists_left_open) {
  shelter doubtful = good();
  doubtful.place_doubtful = true;
  doubtful.capacity_assumed = true;
  doubtful.confidence = 20;
  set_fields edit;
  edit.place_checked = true;
  edit.capacity = 150;
  edit.access = access_rule::everyone;
  edit.stairs = 12;
  auto const next = change(doubtful, {std::nullopt, edit}, kNow);
  ASSERT_TRUE(next);
  EXPECT_FALSE(next->place_doubtful);
  EXPECT_FALSE(next->capacity_assumed);
  EXPECT_EQ(next->capacity, 150U);
  EXPECT_EQ(next->stairs, std::optional{12U});
  EXPECT_EQ(next->verified_at, kNow);
  EXPECT_EQ(next->confidence, std::nullopt) << "older signs count no more";
}

TEST(validate, facts_have_bounds) {
  auto const why = [](auto spoil) {
    shelter s = good();
    spoil(s);
    auto const fit = validate(s);
    return fit ? reason::internal_error : fit.error().why;
  };
  EXPECT_EQ(why([](shelter& s) { s.keyholder = std::string(201, 'x'); }), reason::field_too_long);
  EXPECT_EQ(why([](shelter& s) { s.stairs = 1'001; }), reason::count_out_of_range);
  EXPECT_EQ(why([](shelter& s) { s.confidence = 101; }), reason::count_out_of_range);
  EXPECT_EQ(why([](shelter& s) { s.open_hours = daily_hours{0, 1'441}; }), reason::malformed);
  EXPECT_EQ(why([](shelter& s) { s.open_hours = daily_hours{60, 60}; }), reason::malformed);
}

TEST(change, stale_revision_names_the_current_one) {
  auto const next = change(good(), {4, set_state{open_state::closed}}, kNow);
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().why, reason::stale_revision);
  EXPECT_EQ(next.error().code(), code::aborted);
  EXPECT_THAT(next.error().message, HasSubstr("current is 5"));
}

TEST(change, state_is_a_verification_and_nothing_else_changes) {
  auto const next = change(good(), {std::nullopt, set_state{open_state::closed}}, kNow);
  ASSERT_TRUE(next);
  auto expected = good();
  expected.state = open_state::closed;
  expected.verified_at = kNow;
  expected.revision = 6;
  EXPECT_EQ(*next, expected);
}

TEST(change, same_again_is_no_new_revision) {
  auto const same = change(good(), {5, set_capacity{100}}, kNow);
  ASSERT_TRUE(same);
  EXPECT_EQ(*same, good());
}

TEST(change, capacity_does_not_shrink_under_the_people_inside) {
  EXPECT_EQ(change(good(), {5, set_capacity{39}}, kNow).error().why, reason::occupancy_over_capacity);
  EXPECT_EQ(change(good(), {5, set_capacity{39, true}}, kNow)->capacity, 39U);
  EXPECT_EQ(change(good(), {5, set_capacity{100'001}}, kNow).error().why, reason::capacity_out_of_range);
}

TEST(change, only_a_station_has_a_role) {
  EXPECT_EQ(change(good(), {5, set_role{metro_role::train}}, kNow).error().why, reason::malformed);
  auto station = good();
  station.type = shelter_type::metro_station;
  EXPECT_EQ(change(station, {5, set_role{metro_role::no_power}}, kNow)->role, metro_role::no_power);
}

TEST(change, import_keeps_what_people_on_the_spot_know) {
  auto current = good();
  current.state = open_state::closed;
  current.verified_at = kNow;
  auto record = good();
  record.name_en = "School basement";
  record.state = open_state::unknown;
  record.occupancy = 0;
  auto const next = change(current, {std::nullopt, put_shelter{record}}, kNow + hours{1});
  ASSERT_TRUE(next);
  EXPECT_EQ(next->name_en, "School basement");
  EXPECT_EQ(next->state, open_state::closed);
  EXPECT_EQ(next->occupancy, 40U);
  EXPECT_EQ(next->verified_at, kNow);
  EXPECT_EQ(next->revision, 6U);
}

TEST(validate, table) {
  struct row {
    char const* story;
    void (*spoil)(shelter&);
    reason why;
  };
  row const rows[] = {
      {"no id", [](shelter& s) { s.id = {}; }, reason::missing_field},
      {"long id", [](shelter& s) { s.id = shelter_id{std::string(101, 'x')}; }, reason::field_too_long},
      {"no name", [](shelter& s) { s.name_uk.clear(); }, reason::missing_field},
      {"long name", [](shelter& s) { s.name_en.assign(301, 'x'); }, reason::field_too_long},
      {"long address", [](shelter& s) { s.address.assign(501, 'x'); }, reason::field_too_long},
      {"latitude 91", [](shelter& s) { s.place.lat = degrees{91}; }, reason::latitude_out_of_range},
      {"longitude -181", [](shelter& s) { s.place.lon = degrees{-181}; }, reason::longitude_out_of_range},
      {"NaN", [](shelter& s) { s.place.lat = degrees{std::numeric_limits<double>::quiet_NaN()}; }, reason::not_finite},
      {"no entrance", [](shelter& s) { s.entrances.clear(); }, reason::missing_field},
      {"65 entrances", [](shelter& s) { s.entrances.resize(65); }, reason::count_out_of_range},
      {"entrance nowhere",
       [](shelter& s) { s.entrances[0].place.lon = degrees{std::numeric_limits<double>::infinity()}; },
       reason::not_finite},
      {"room for a city", [](shelter& s) { s.capacity = 100'001; }, reason::capacity_out_of_range},
      {"flying basement", [](shelter& s) { s.depth = meters{-1.0}; }, reason::malformed},
      {"basement in the mantle", [](shelter& s) { s.depth = meters{501.0}; }, reason::malformed},
      {"basement without a bottom", [](shelter& s) { s.depth = meters{std::numeric_limits<double>::quiet_NaN()}; },
       reason::not_finite},
      {"basement on rails", [](shelter& s) { s.role = metro_role::train; }, reason::malformed},
      {"basement above ground", [](shelter& s) { s.surface = true; }, reason::malformed},
  };
  EXPECT_TRUE(validate(good()));
  for (auto const& r : rows) {
    auto s = good();
    r.spoil(s);
    auto const valid = validate(s);
    ASSERT_FALSE(valid) << r.story;
    EXPECT_EQ(valid.error().why, r.why) << r.story;
  }
}

TEST(shelter_book, creates_changes_and_refuses) {
  shelter_book book;
  shelter_id const id{"K-1"};
  EXPECT_EQ(apply(book, id, {std::nullopt, set_state{open_state::open}}, kNow).error().why, reason::unknown_shelter);
  EXPECT_EQ(apply(book, id, {3, put_shelter{good()}}, kNow).error().why, reason::stale_revision);
  EXPECT_EQ(apply(book, shelter_id{"K-2"}, {0, put_shelter{good()}}, kNow).error().why, reason::malformed);
  EXPECT_TRUE(book.shelters.empty());
  ASSERT_TRUE(apply(book, id, {0, put_shelter{good()}}, kNow));
  EXPECT_EQ(book.shelters.at(id).revision, 1U);
  EXPECT_EQ(apply(book, id, {0, put_shelter{good()}}, kNow).error().why, reason::stale_revision);
  ASSERT_TRUE(apply(book, id, {1, delta(3)}, kNow));
  EXPECT_EQ(book.shelters.at(id).occupancy, 43U);
  auto const before = book.shelters.at(id);
  EXPECT_FALSE(apply(book, id, {2, delta(-99)}, kNow));
  EXPECT_EQ(book.shelters.at(id), before);
}

TEST(shelter_book, occupancy_stays_in_bounds_under_any_door_counter) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 dice{seed};
    std::uniform_int_distribution<int> step{-30, 40};
    auto s = good();
    for (int i = 0; i < 500; ++i) {
      auto const by = step(dice);
      auto const next = change(s, {s.revision, delta(by)}, kNow);
      auto const wanted = static_cast<std::int64_t>(s.occupancy) + by;
      ASSERT_EQ(next.ok(), wanted >= 0 && wanted <= 100) << "seed " << seed;
      if (next) s = *next;
      ASSERT_LE(s.occupancy, s.capacity) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace siren
