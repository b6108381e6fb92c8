// A zone's border as CAP can say it: closed rings without holes that cover the zone and nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/multi_polygon.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>

#include "common/cap/cap_area.h"
#include "common/city_bundle/bundle_files.h"

namespace siren {
namespace {

namespace bg = boost::geometry;
using flat_polygon = bg::model::polygon<bg::model::d2::point_xy<double>>;
using flat_shape = bg::model::multi_polygon<flat_polygon>;

std::vector<lat_lon> box(double south, double west, double north, double east) {
  return {{degrees{south}, degrees{west}},
          {degrees{south}, degrees{east}},
          {degrees{north}, degrees{east}},
          {degrees{north}, degrees{west}}};
}

zone of(std::vector<polygon> shape, std::string const& id = "14") {
  zone place;
  place.id = zone_id{id};
  place.name_uk = "Зона";
  place.name_en = "Zone";
  place.shape = std::move(shape);
  return place;
}

flat_shape flat(std::vector<polygon> const& shape) {
  flat_shape made;
  for (auto const& part : shape) {
    flat_polygon one;
    for (auto const& at : part.outer) one.outer().emplace_back(at.lon.value, at.lat.value);
    for (auto const& hole : part.holes) {
      one.inners().emplace_back();
      for (auto const& at : hole) one.inners().back().emplace_back(at.lon.value, at.lat.value);
    }
    bg::correct(one);
    made.push_back(one);
  }
  return made;
}

std::size_t vertices(cap_area const& area) {
  std::size_t count = 0;
  for (auto const& ring : area.rings) count += ring.size();
  return count;
}

/// Closed, no repeated vertex, on earth, not crossing itself. Returns the union's parts.
flat_shape good_rings(cap_area const& area) {
  flat_shape made;
  for (auto const& ring : area.rings) {
    EXPECT_GE(ring.size(), 4U);
    EXPECT_EQ(ring.front(), ring.back());
    flat_polygon one;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      EXPECT_TRUE(on_earth(ring[i]));
      EXPECT_TRUE(i == 0 || !(ring[i] == ring[i - 1])) << i;
      one.outer().emplace_back(ring[i].lon.value, ring[i].lat.value);
    }
    bg::correct(one);
    std::string why;
    EXPECT_TRUE(bg::is_valid(one, why)) << why;
    made.push_back(one);
  }
  return made;
}

double area_of(flat_shape const& shape) {
  return bg::area(shape);
}

TEST(cap_area, a_square_is_its_ring_closed) {
  auto const area = cap_area_of(of({{box(50, 30, 51, 31), {}}}), {});
  ASSERT_EQ(area.rings.size(), 1U);
  EXPECT_EQ(area.rings[0].size(), 5U);
  EXPECT_NEAR(area_of(good_rings(area)), 1.0, 1e-9);
}

// Kyiv is a hole of its oblast: an alarm of the oblast would have been drawn over three million people in none.
TEST(cap_area, a_hole_is_cut_through_and_never_covered) {
  auto const area = cap_area_of(of({{box(50, 30, 51, 31), {box(50.4, 30.4, 50.6, 30.6)}}}), {});
  EXPECT_EQ(area.rings.size(), 2U);
  auto const parts = good_rings(area);
  EXPECT_NEAR(area_of(parts), 1.0 - 0.04, 1e-6);
  for (auto const& part : parts) {
    EXPECT_FALSE(bg::within(bg::model::d2::point_xy<double>{30.5, 50.5}, part));
    EXPECT_FALSE(bg::within(bg::model::d2::point_xy<double>{30.45, 50.45}, part));
  }
}

TEST(cap_area, several_holes_and_parts_are_all_told) {
  auto const area =
      cap_area_of(of({{box(50, 30, 51, 31),
                       {box(50.1, 30.1, 50.2, 30.2), box(50.1, 30.7, 50.3, 30.8), box(50.8, 30.1, 50.9, 30.9)}},
                      {box(52, 30, 52.5, 30.5), {}}}),
                  {});
  EXPECT_NEAR(area_of(good_rings(area)), 1.0 - 0.01 - 0.02 - 0.08 + 0.25, 1e-6);
}

TEST(cap_area, long_borders_are_simplified_within_their_tolerance) {
  polygon coast;
  for (int i = 0; i < 5'000; ++i) {
    auto const angle = i * 2 * 3.14159265358979 / 5'000;
    auto const radius = 0.5 + 0.002 * std::sin(angle * 400);
    coast.outer.push_back({degrees{48 + radius * std::sin(angle)}, degrees{35 + radius * std::cos(angle) / 0.669}});
  }
  cap_area_policy const policy;
  auto const area = cap_area_of(of({coast}), {}, policy);
  EXPECT_LE(vertices(area), policy.most_vertices + 1);
  EXPECT_GT(vertices(area), 30U);
  auto const shown = good_rings(area);
  EXPECT_NEAR(area_of(shown) / area_of(flat({coast})), 1.0, 0.01);
}

TEST(cap_area, codes_come_from_the_id_and_from_the_bundle) {
  EXPECT_EQ(cap_area_of(of({}, "14"), {}).codes, (region_codes{"14", ""}));
  EXPECT_EQ(cap_area_of(of({}, "UA80000000000126643"), {}).codes, (region_codes{"", "UA80000000000126643"}));
  EXPECT_EQ(cap_area_of(of({}, "14"), {"", "UA32000000000030281"}).codes, (region_codes{"14", "UA32000000000030281"}));
  for (auto const* own : {"podil", "", "UA", "UA8000000000012664", "UA8000000000012664x", "1234567890", "1a", "-1"})
    EXPECT_EQ(cap_area_of(of({}, own), {}).codes, region_codes{}) << own;
}

TEST(cap_area, every_zone_of_kyivs_bundle_keeps_its_ground) {
  std::vector<bundle_reject> rejects;
  auto const zones = read_zones(SIREN_SOURCE_DIR "/deploy/city/kyiv/zones.geojson", {}, rejects);
  ASSERT_TRUE(zones) << zones.error().message;
  ASSERT_GT(zones->size(), 40U);
  std::set<std::string> coded;
  for (auto const& place : *zones) {
    SCOPED_TRACE(place.name_en);
    auto const area = cap_area_of(place, {});
    ASSERT_FALSE(area.rings.empty());
    EXPECT_NEAR(area_of(good_rings(area)) / area_of(flat(place.shape)), 1.0, 0.01);
    EXPECT_LE(vertices(area), 420U);
    if (!area.codes.uid.empty() || !area.codes.katotth.empty()) coded.insert(place.id.value);
  }
  EXPECT_EQ(coded.size(), zones->size() - 1) << "all but the country itself";
}

}  // namespace
}  // namespace siren
