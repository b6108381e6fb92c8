// A shelter goes through GeoJSON and through the contract and comes back as it was.
#include <gtest/gtest.h>

#include "common/city_bundle/shelter_lists.h"
#include "common/convert/shelter_convert.h"
#include "core/shelter/registry.h"

namespace siren {
namespace {

constexpr lat_lon_box kAnywhere{{degrees{-90}, degrees{-180}}, {degrees{90}, degrees{180}}};

std::vector<shelter> every_kind() {
  std::vector<shelter> list;
  for (auto const type : {shelter_type::storage, shelter_type::radiation, shelter_type::dual_purpose,
                          shelter_type::metro_station, shelter_type::basic, shelter_type::mobile})
    for (auto const state : {open_state::unknown, open_state::open, open_state::closed, open_state::full}) {
      shelter s;
      s.id = shelter_id{"s-" + std::to_string(list.size())};
      s.type = type;
      s.name_uk = "Укриття «Зоря», \"під'їзд\" 1";
      s.name_en = "Shelter";
      s.address = "вул. Довга, 1";
      s.place = {degrees{50.1 + 0.0123456789 * static_cast<double>(list.size())}, degrees{30.523456789012345}};
      s.entrances = {{"Вхід", s.place, true}, {"", {degrees{50.5}, degrees{30.5}}, false}};
      s.capacity = static_cast<std::uint32_t>(list.size() * 10);
      s.pets = list.size() % 2 == 0;
      s.step_free = list.size() % 3 == 0;
      s.generated = list.size() % 5 == 0;
      s.state = state;
      if (type == shelter_type::metro_station)
        s.role = static_cast<metro_role>(static_cast<int>(metro_role::train) + static_cast<int>(state));
      if (state == open_state::closed && type == shelter_type::metro_station) {
        s.surface = true;
        s.role = metro_role::closed;
      }
      if (state != open_state::open) s.depth = meters{0.1 * static_cast<double>(list.size())};
      if (state != open_state::unknown) s.verified_at = utc_time{milliseconds{1'769'191'200'123}};
      if (list.size() % 2 == 1) {
        s.open_hours = daily_hours{600, 1'080};
        s.access = access_rule::school;
        s.keyholder = "Оксана, 044 000 00 00";
        s.power = true;
        s.heat = false;
        s.stairs = 14;
        s.place_doubtful = true;
        s.capacity_assumed = true;
      }
      if (list.size() % 4 == 1) s.open_hours = daily_hours{};
      list.push_back(s);
    }
  return list;
}

TEST(shelter_lists, geojson_gives_back_what_was_written) {
  std::vector<bundle_reject> rejects;
  auto const written = write_shelters_geojson(every_kind(), 8U << 20U);
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(parse_shelters_geojson(written[0], {}, kAnywhere, rejects).value(), every_kind());
  EXPECT_TRUE(rejects.empty());
}

TEST(shelter_lists, a_long_list_is_split_under_the_limit_and_loses_nothing) {
  std::vector<bundle_reject> rejects;
  std::vector<shelter> all;
  auto const parts = write_shelters_geojson(every_kind(), 2'000);
  EXPECT_GT(parts.size(), 5U);
  for (auto const& part : parts) {
    EXPECT_LE(part.size(), 2'000U);
    auto const some = parse_shelters_geojson(part, {}, kAnywhere, rejects).value();
    all.insert(all.end(), some.begin(), some.end());
  }
  EXPECT_EQ(all, every_kind());
  EXPECT_TRUE(write_shelters_geojson({}, 2'000).empty());
}

TEST(shelter_lists, the_contract_carries_every_field) {
  for (auto s : every_kind()) {
    s.occupancy = 3;
    s.revision = 17;
    s.confidence = 85;
    shelters::v1::Shelter wire;
    to_proto(s, &wire);
    EXPECT_EQ(from_proto(wire).value(), s) << s.id.value;
  }
}

TEST(shelter_lists, the_contract_refuses_what_is_no_shelter) {
  shelters::v1::Shelter good;
  to_proto(every_kind().front(), &good);
  auto const why = [&](auto spoil) {
    auto bad = good;
    spoil(bad);
    return from_proto(bad).error().why;
  };
  EXPECT_EQ(why([](auto& s) { s.clear_type(); }), reason::missing_field);
  EXPECT_EQ(why([](auto& s) { s.set_type(static_cast<shelters::v1::ShelterType>(99)); }), reason::malformed);
  EXPECT_EQ(why([](auto& s) { s.set_state(static_cast<shelters::v1::OpenState>(99)); }), reason::malformed);
  EXPECT_EQ(why([](auto& s) { s.set_metro_role(static_cast<shelters::v1::MetroRole>(99)); }), reason::malformed);
  EXPECT_EQ(why([](auto& s) { s.mutable_position()->set_latitude_deg(91); }), reason::latitude_out_of_range);
  EXPECT_EQ(why([](auto& s) { s.mutable_entrances(0)->mutable_position()->set_longitude_deg(-181); }),
            reason::longitude_out_of_range);
  EXPECT_EQ(why([](auto& s) { s.clear_entrances(); }), reason::missing_field);
}

}  // namespace
}  // namespace siren
