#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/map/drawing.h"

namespace siren {
namespace {

using testing::HasSubstr;
using testing::Not;

lat_lon at(double north_m, double east_m) {
  return local_plane{{degrees{50.45}, degrees{30.52}}}.to_place({meters{east_m}, meters{north_m}});
}

drawn_shelter shelter_at(std::string id, lat_lon place, std::uint32_t room, std::uint32_t load) {
  drawn_shelter s;
  s.id = shelter_id{std::move(id)};
  s.name_uk = "Укриття <1> & \"2\"";
  s.name_en = "Shelter";
  s.place = place;
  s.room = room;
  s.load = load;
  s.open = true;
  return s;
}

drawn_plan small_plan() {
  drawn_plan plan;
  plan.title_uk = "Зараз";
  plan.title_en = "Now";
  plan.shelters = {shelter_at("a", at(0, 0), 100, 60), shelter_at("b", at(0, 900), 100, 130)};
  plan.shelters.push_back(shelter_at("c", at(300, 300), 50, 0));
  plan.shelters.back().open = false;
  plan.streets = {{street_fate::sheltered, 0, {at(0, 0), at(0, 400)}},
                  {street_fate::sheltered, 1, {at(0, 400), at(0, 900)}},
                  {street_fate::no_room, 0, {at(0, 900), at(0, 1'200)}},
                  {street_fate::unreachable, 0, {at(600, 0), at(600, 200)}}};
  plan.routes = {{0, {at(0, 300), at(0, 0)}, 4.2}};
  plan.totals.people = 1'234'567;
  plan.totals.by_fate = {0, 1'200'000, 34'000, 0, 567};
  plan.totals.overload = 30;
  plan.totals.mean_walk_minutes = 5.25;
  return plan;
}

drawn_city small_city() {
  drawn_city city;
  city.name_uk = "Місто";
  city.name_en = "Town";
  city.plans = {small_plan()};
  city.frame = {at(-200, -200), at(800, 1'400)};
  return city;
}

/// Every element is closed in order and no bare & or < stands in text: enough of XML to be drawn by any viewer.
void expect_well_formed(std::string const& svg) {
  std::vector<std::string> open;
  std::size_t from = svg.find("?>");
  ASSERT_NE(from, std::string::npos);
  while ((from = svg.find('<', from)) != std::string::npos) {
    auto const end = svg.find('>', from);
    ASSERT_NE(end, std::string::npos);
    auto const tag = svg.substr(from + 1, end - from - 1);
    ASSERT_EQ(tag.find('<'), std::string::npos) << tag;
    ASSERT_EQ(std::count(tag.begin(), tag.end(), '"') % 2, 0) << tag;
    auto const name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag.front() == '/') {
      ASSERT_FALSE(open.empty());
      ASSERT_EQ("/" + open.back(), tag);
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
    from = end;
  }
  EXPECT_TRUE(open.empty());
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

std::size_t count(std::string const& text, std::string const& what) {
  std::size_t found = 0;
  for (auto from = text.find(what); from != std::string::npos; from = text.find(what, from + 1)) ++found;
  return found;
}

TEST(map_drawing, svg_is_well_formed_and_speaks_both_languages) {
  auto const svg = draw_svg(small_city());
  expect_well_formed(svg);
  EXPECT_THAT(svg, HasSubstr("Місто"));
  EXPECT_THAT(svg, HasSubstr("Town: who goes where"));
  EXPECT_THAT(svg, HasSubstr("1 234 567"));
  EXPECT_THAT(svg, HasSubstr("Немає шляху до укриття"));
  EXPECT_THAT(svg, HasSubstr("No way to an open shelter"));
}

TEST(map_drawing, a_shelter_over_capacity_has_a_red_ring_and_a_closed_one_a_cross) {
  auto city = small_city();
  auto const both = draw_svg(city);
  city.plans[0].shelters[1].load = 100;
  auto const none_over = draw_svg(city);
  EXPECT_EQ(count(both, "#d00000"), count(none_over, "#d00000") + 1);
  city.plans[0].shelters[2].open = true;
  EXPECT_EQ(count(none_over, "#8a8a8a"), count(draw_svg(city), "#8a8a8a") + 1);
}

TEST(map_drawing, the_generated_label_is_on_the_picture_only_when_it_is_made_up) {
  auto city = small_city();
  EXPECT_THAT(draw_svg(city), Not(HasSubstr("згенеровано")));
  city.generated_label_uk = "Вулиці та укриття згенеровано";
  city.generated_label_en = "Streets and shelters are generated";
  auto const svg = draw_svg(city);
  EXPECT_THAT(svg, HasSubstr("Вулиці та укриття згенеровано · Streets and shelters are generated"));
  auto const features = nlohmann::json::parse(draw_geojson(city));
  EXPECT_TRUE(features["generated"]);
  EXPECT_EQ(features["label_uk"], "Вулиці та укриття згенеровано");
}

TEST(map_drawing, before_and_after_stand_side_by_side_with_both_totals) {
  auto city = small_city();
  city.plans.push_back(small_plan());
  city.plans[0].title_en = "Before";
  city.plans[1].title_en = "After";
  city.plans[1].totals.people = 7'654'321;
  city.highlight = {0};
  city.redirected = 60;
  auto const svg = draw_svg(city);
  expect_well_formed(svg);
  for (auto const* words : {"Before", "After", "1 234 567", "7 654 321", "map0", "map1", ">60<"})
    EXPECT_THAT(svg, HasSubstr(words));
  EXPECT_EQ(count(svg, "#d00070"), 3U) << "ringed on both maps, and told in the legend";
}

TEST(map_drawing, streets_that_stay_the_same_are_faded) {
  auto city = small_city();
  EXPECT_EQ(count(draw_svg(city), "opacity"), 1U) << "the layer of faded streets is there, and empty";
  city.plans[0].streets[0].faded = true;
  EXPECT_THAT(draw_svg(city), testing::ContainsRegex("opacity=\"0.28\">\n<path"));
}

TEST(map_drawing, geojson_holds_shelters_catchments_fates_and_routes) {
  auto const whole = nlohmann::json::parse(draw_geojson(small_city()));
  EXPECT_EQ(whole["type"], "FeatureCollection");
  std::map<std::string, int> kinds;
  for (auto const& f : whole["features"]) ++kinds[f["properties"]["kind"]];
  EXPECT_EQ(kinds, (std::map<std::string, int>{{"catchment", 2}, {"streets", 2}, {"shelter", 3}, {"route", 1}}));
  auto const& b = *std::find_if(whole["features"].begin(), whole["features"].end(),
                                [](auto const& f) { return f["properties"].value("id", "") == "b"; });
  EXPECT_EQ(b["properties"]["overload"], 30);
  EXPECT_EQ(b["properties"]["name_uk"], "Укриття <1> & \"2\"");
  EXPECT_NEAR(b["geometry"]["coordinates"][1].get<double>(), 50.45, 1e-4);
  EXPECT_EQ(whole["totals"]["before"]["no_room"], 34'000);
}

TEST(map_drawing, nothing_outside_the_frame_is_drawn) {
  auto city = small_city();
  auto const with = draw_svg(city).size();
  city.plans[0].streets.push_back({street_fate::no_room, 0, {at(5'000, 5'000), at(5'000, 6'000)}});
  city.plans[0].shelters.push_back(shelter_at("far", at(9'000, 0), 10, 0));
  EXPECT_EQ(draw_svg(city).size(), with);
}

TEST(map_drawing, catchments_that_touch_differ_in_colour_while_colours_last) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> grid;
  for (std::uint32_t i = 0; i < 100; ++i) {
    if (i % 10 != 9) grid.emplace_back(i, i + 1);
    if (i < 90) grid.emplace_back(i, i + 10);
  }
  auto const colours = colour_catchments(100, grid, 8);
  for (auto const& [a, b] : grid) EXPECT_NE(colours[a], colours[b]);
  auto const crowded = colour_catchments(3, {{0, 1}, {1, 2}, {0, 2}}, 2);
  for (auto const c : crowded) EXPECT_LT(c, 2);
}

}  // namespace
}  // namespace siren
