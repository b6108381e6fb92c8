#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "core/route/guidance_text.h"

namespace siren {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

lat_lon at(double lat, double lon) {
  return {degrees{lat}, degrees{lon}};
}

TEST(polyline, the_published_example) {
  std::vector const shape{at(38.5, -120.2), at(40.7, -120.95), at(43.252, -126.453)};
  EXPECT_EQ(encode_polyline(shape), "_p~iF~ps|U_ulLnnqC_mqNvxq`@");
  EXPECT_EQ(decode_polyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@"), shape);
}

TEST(polyline, comes_back_within_its_precision) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 dice{seed};
    std::uniform_real_distribution<double> lat{-90, 90};
    std::uniform_real_distribution<double> lon{-180, 180};
    std::vector<lat_lon> shape;
    for (std::uint64_t i = 0; i < seed; ++i) {
      double const north = lat(dice);
      shape.push_back(at(north, lon(dice)));
    }
    auto const again = decode_polyline(encode_polyline(shape));
    ASSERT_EQ(again.size(), shape.size());
    for (std::size_t i = 0; i < shape.size(); ++i) {
      ASSERT_NEAR(again[i].lat.value, shape[i].lat.value, 0.51e-5) << "seed " << seed;
      ASSERT_NEAR(again[i].lon.value, shape[i].lon.value, 0.51e-5) << "seed " << seed;
    }
  }
}

TEST(polyline, noise_ends_the_shape) {
  EXPECT_THAT(decode_polyline(""), IsEmpty());
  EXPECT_THAT(decode_polyline("_p~iF"), IsEmpty());
  EXPECT_THAT(decode_polyline("~~~~~~~~~~~~~~~~"), IsEmpty());
  EXPECT_EQ(decode_polyline("_p~iF~ps|U\x01\xff").size(), 1U);
}

TEST(route_names, come_back_and_are_distinct) {
  for (auto const p : kAllProfiles) EXPECT_EQ(walking_profile_named(name_of(p)), p);
  EXPECT_FALSE(walking_profile_named("runner"));
  std::vector<std::string_view> seen;
  for (int i = 1; i <= 3; ++i) seen.push_back(name_of(static_cast<verdict_kind>(i)));
  for (int i = 1; i <= 7; ++i) seen.push_back(name_of(static_cast<verdict_reason>(i)));
  for (int i = 1; i <= 8; ++i) seen.push_back(name_of(static_cast<maneuver>(i)));
  for (int i = 0; i <= 3; ++i) seen.push_back(name_of(static_cast<room_band>(i)));
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

guidance sent() {
  guidance told;
  told.verdict = verdict_kind::go_shelter;
  told.because = verdict_reason::in_time;
  told.margin = seconds{200};
  told.way.emplace();
  told.way->expected = seconds{300};
  told.way->slow_case = seconds{370};
  told.way->steps = {{maneuver::depart, "вулиця Хрещатик", "Khreshchatyk Street", meters{123.0}, seconds{100}},
                     {maneuver::left, "", "", meters{1'260.0}, seconds{100}},
                     {maneuver::steps, "", "", meters{4.0}, seconds{10}},
                     {maneuver::arrive, "", "", meters{0.0}, seconds{0}}};
  return told;
}

shelter_goal school() {
  shelter_goal to;
  to.name_uk = "Школа № 5";
  to.name_en = "School 5";
  to.door.name = "2";
  return to;
}

TEST(guidance_text, a_route_in_english) {
  auto told = sent();
  told.goal = school();
  auto const words = describe(told, guidance_language::en);
  EXPECT_EQ(words.headline, "Go to the shelter: School 5 (2)");
  EXPECT_EQ(words.why, "About 5 min on foot, up to 7 min if slow. To spare: 3 min.");
  EXPECT_THAT(words.steps, ElementsAre("Walk 120 m along Khreshchatyk Street.", "Turn left and walk 1.3 km.",
                                       "Take the steps 10 m.", "Entrance: School 5 (2)."));
  EXPECT_THAT(words.generated_note, IsEmpty());
}

TEST(guidance_text, a_route_in_ukrainian) {
  auto told = sent();
  told.goal = school();
  told.generated = true;
  told.verdict = verdict_kind::go_metro;
  told.because = verdict_reason::no_deadline;
  auto const words = describe(told, guidance_language::uk);
  EXPECT_EQ(words.headline, "Ідіть до станції метро: Школа № 5 (2)");
  EXPECT_EQ(words.why, "Пішки близько 5 хв, повільно до 7 хв. Коли буде загроза, невідомо: виходьте зараз.");
  EXPECT_THAT(words.steps, ElementsAre("Ідіть 120 м: вулиця Хрещатик.", "Поверніть ліворуч і йдіть 1,3 км.",
                                       "Сходами 10 м.", "Вхід: Школа № 5 (2)."));
  EXPECT_THAT(words.generated_note, HasSubstr("вигадані"));
}

std::string without(std::string text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
  return text;
}

/// People read "safe" as a promise; two walls are none (design rule: less dangerous, never safe).
TEST(guidance_text, cover_is_less_dangerous_and_never_safe) {
  for (auto const why : {verdict_reason::too_late, verdict_reason::none_reachable, verdict_reason::too_far_from_street,
                         verdict_reason::plan_missing, verdict_reason::no_room}) {
    guidance told;
    told.because = why;
    auto const en = describe(told, guidance_language::en);
    auto const uk = describe(told, guidance_language::uk);
    EXPECT_EQ(en.headline, "Take cover where you are");
    EXPECT_EQ(uk.headline, "Укрийтеся там, де ви є");
    EXPECT_THAT(en.why, HasSubstr("less dangerous"));
    EXPECT_THAT(uk.why, HasSubstr("менш небезпечно"));
    EXPECT_EQ((en.headline + en.why).find("safe"), std::string::npos);
    EXPECT_EQ(without(uk.headline + uk.why, "небезпечно").find("безпечн"), std::string::npos);
    EXPECT_THAT(en.steps, IsEmpty());
  }
}

TEST(guidance_text, a_ride) {
  auto told = sent();
  told.goal = school();
  told.verdict = verdict_kind::go_metro;
  told.way->steps = {
      {maneuver::depart, "", "", meters{200.0}, seconds{150}},
      {maneuver::ride, "", "", meters{3.0}, seconds{500}, told_ride{"M1", "Арсенальна", "Arsenalna", "Хрещатик", ""}}};
  EXPECT_EQ(describe(told, guidance_language::en).steps.back(),
            "Take the metro: Arsenalna → Хрещатик (M1), with the wait about 9 min. Stay at the station.");
  EXPECT_EQ(describe(told, guidance_language::uk).steps.back(),
            "Їдьте метро: Арсенальна → Хрещатик (M1), з очікуванням близько 9 хв. Лишайтеся на станції.");
}

TEST(guidance_text, languages_by_name) {
  EXPECT_EQ(guidance_language_named("uk"), guidance_language::uk);
  EXPECT_EQ(guidance_language_named("en"), guidance_language::en);
  EXPECT_EQ(guidance_language_named("xx"), guidance_language::en);
}

}  // namespace
}  // namespace siren
