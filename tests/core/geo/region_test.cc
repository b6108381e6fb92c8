#include "core/geo/region.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace siren {
namespace {

using ring = std::vector<lat_lon>;
constexpr lat_lon at(double lat, double lon) {
  return {degrees{lat}, degrees{lon}};
}

ring box(double south, double west, double north, double east) {
  return {at(south, west), at(south, east), at(north, east), at(north, west)};
}
ring reversed(ring r) {
  return {r.rbegin(), r.rend()};
}

region built(std::vector<polygon> const& shape, covering_policy const& policy = {}) {
  auto made = region::build(shape, policy);
  verify(made.ok(), "a test's region is valid");
  return std::move(made).value();
}

TEST(region, contains_its_inside_in_either_orientation) {
  for (ring const& outer : {box(50, 30, 51, 31), reversed(box(50, 30, 51, 31))}) {
    region const r = built({{outer, {}}});
    EXPECT_TRUE(r.contains(at(50.5, 30.5)));
    EXPECT_TRUE(r.contains(at(50.01, 30.01)));
    EXPECT_FALSE(r.contains(at(50.5, 29.99)));
    EXPECT_FALSE(r.contains(at(49.99, 30.5)));
    EXPECT_FALSE(r.contains(at(-50.5, -149.5)));
    EXPECT_FALSE(r.contains(at(std::numeric_limits<double>::quiet_NaN(), 30.5)));
  }
}

TEST(region, leaves_its_holes_out_in_either_orientation) {
  for (ring const& hole : {box(50.4, 30.4, 50.6, 30.6), reversed(box(50.4, 30.4, 50.6, 30.6))}) {
    region const r = built({{box(50, 30, 51, 31), {hole}}});
    EXPECT_FALSE(r.contains(at(50.5, 30.5)));
    EXPECT_TRUE(r.contains(at(50.3, 30.5)));
    EXPECT_GT(r.distance_to(at(50.5, 30.5)).value, 5000.0);
  }
}

TEST(region, may_have_parts_and_overlapping_ones) {
  region const r = built({{box(50, 30, 51, 31), {}}, {box(52, 30, 53, 31), {}}, {box(50.5, 30.5, 51.5, 31.5), {}}});
  EXPECT_TRUE(r.contains(at(50.25, 30.25)));
  EXPECT_TRUE(r.contains(at(52.5, 30.5)));
  EXPECT_TRUE(r.contains(at(50.75, 30.75)));
  EXPECT_FALSE(r.contains(at(51.75, 30.5)));
}

TEST(region, is_as_far_as_its_nearest_border) {
  region const r = built({{box(50, 30, 51, 31), {}}});
  EXPECT_EQ(r.distance_to(at(50.5, 30.5)).value, 0.0);
  EXPECT_NEAR(r.distance_to(at(49.5, 30.0)).value, distance(at(49.5, 30.0), at(50, 30)).value, 1.0);
  // North of the box's middle its upper edge, a great circle, bulges towards the pole.
  EXPECT_NEAR(r.distance_to(at(51.5, 30.5)).value, 0.5 * 111'195.08, 500.0);
  EXPECT_NEAR(r.distance_to(at(40, 20)).value, distance(at(40, 20), at(50, 30)).value, 1.0);
}

TEST(region, has_a_centre_and_a_radius) {
  region const r = built({{box(-1, 29, 1, 31), {}}});
  EXPECT_NEAR(r.centroid().lat.value, 0.0, 1e-9);
  EXPECT_NEAR(r.centroid().lon.value, 30.0, 1e-9);
  EXPECT_NEAR(r.bounding_radius().value, distance(at(0, 30), at(1, 31)).value, 1e-3);
}

struct bad_shape {
  char const* name;
  std::vector<polygon> shape;
};
void PrintTo(bad_shape const& row, std::ostream* out) {
  *out << row.name;
}

class refuses : public testing::TestWithParam<bad_shape> {};

TEST_P(refuses, as_malformed) {
  auto const made = region::build(GetParam().shape);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().why, reason::malformed);
  EXPECT_FALSE(made.error().message.empty());
}

ring with_nan() {
  ring r = box(50, 30, 51, 31);
  r[2].lat = degrees{std::numeric_limits<double>::quiet_NaN()};
  return r;
}

INSTANTIATE_TEST_SUITE_P(
    table, refuses,
    testing::Values(
        bad_shape{"no polygon", {}}, bad_shape{"no vertex", {{{}, {}}}}, bad_shape{"one vertex", {{{at(50, 30)}, {}}}},
        bad_shape{"two vertices", {{{at(50, 30), at(51, 31)}, {}}}},
        bad_shape{"self-crossing", {{{at(50, 30), at(51, 31), at(50, 31), at(51, 30)}, {}}}},
        bad_shape{"closing vertex repeated", {{{at(50, 30), at(50, 31), at(51, 31), at(50, 30)}, {}}}},
        bad_shape{"vertex twice", {{{at(50, 30), at(50, 31), at(50, 31), at(51, 31)}, {}}}},
        bad_shape{"latitude 91", {{box(50, 30, 91, 31), {}}}}, bad_shape{"not a number", {{with_nan(), {}}}},
        bad_shape{"hole of two vertices", {{box(50, 30, 51, 31), {{at(50.5, 30.5), at(50.6, 30.6)}}}}},
        bad_shape{"hole outside", {{box(50, 30, 51, 31), {box(52, 30, 53, 31)}}}},
        bad_shape{"hole around", {{box(50, 30, 51, 31), {box(49, 29, 52, 32)}}}},
        bad_shape{"hole crosses", {{box(50, 30, 51, 31), {box(50.5, 30.5, 51.5, 30.7)}}}},
        bad_shape{"hole equals", {{box(50, 30, 51, 31), {box(50, 30, 51, 31)}}}},
        bad_shape{"hole in hole", {{box(50, 30, 51, 31), {box(50.2, 30.2, 50.8, 30.8), box(50.4, 30.4, 50.6, 30.6)}}}},
        bad_shape{"second polygon", {{box(50, 30, 51, 31), {}}, {{at(50, 30)}, {}}}}));

/// A star-shaped ring: valid for any radii.
ring star(std::mt19937_64& random, lat_lon centre, double most_km) {
  std::uniform_real_distribution<double> radius{0.2 * most_km, most_km};
  ring out;
  for (int corner = 0; corner < 24; ++corner)
    out.push_back(destination(centre, degrees{corner * 15.0}, meters{1000.0 * radius(random)}));
  return out;
}

TEST(coverings, hold_every_place_of_their_region_and_keep_their_limit) {
  std::mt19937_64 random{11};
  for (int round = 0; round < 20; ++round) {
    covering_policy policy;
    policy.max_cells = 8 + 4 * static_cast<std::uint32_t>(round);
    lat_lon const centre = at(45 + round * 0.4, 24 + round * 0.7);
    region const r = built({{star(random, centre, 60), {}}}, policy);
    auto const& ranges = r.covering();
    ASSERT_FALSE(ranges.empty());
    ASSERT_LE(ranges.size(), policy.max_cells);
    for (std::size_t i = 1; i < ranges.size(); ++i) ASSERT_LT(ranges[i - 1].last, ranges[i].first);
    std::uniform_real_distribution<double> turn{0, 360};
    std::uniform_real_distribution<double> far{0, 60'000};
    for (int shot = 0; shot < 500; ++shot) {
      lat_lon const place = destination(centre, degrees{turn(random)}, meters{far(random)});
      ASSERT_EQ(r.contains(place), r.distance_to(place).value == 0.0);
      if (!r.contains(place)) continue;
      cell_id const leaf = leaf_cell_of(place);
      ASSERT_TRUE(std::any_of(ranges.begin(), ranges.end(),
                              [&](cell_range const& c) { return c.first <= leaf && leaf <= c.last; }));
    }
  }
}

TEST(region_index, finds_what_a_look_at_every_region_finds) {
  std::mt19937_64 random{12};
  std::uniform_real_distribution<double> lat{46, 52};
  std::uniform_real_distribution<double> lon{24, 38};
  std::vector<region> regions;
  for (int count = 0; count < 120; ++count)
    regions.push_back(built({{star(random, at(lat(random), lon(random)), 90), {}}}));
  region_index const index{regions};
  ASSERT_EQ(index.size(), regions.size());
  std::size_t hits = 0;
  for (int shot = 0; shot < 3000; ++shot) {
    lat_lon const place = at(lat(random), lon(random));
    std::vector<std::size_t> expected;
    for (std::size_t i = 0; i < regions.size(); ++i)
      if (regions[i].contains(place)) expected.push_back(i);
    hits += expected.size();
    ASSERT_EQ(index.containing(place), expected);
  }
  EXPECT_GT(hits, 1000u);
}

TEST(region_index, knows_no_region_off_the_earth_or_when_empty) {
  EXPECT_TRUE(region_index{{}}.containing(at(50, 30)).empty());
  region_index const index{{built({{box(50, 30, 51, 31), {}}})}};
  EXPECT_TRUE(index.containing(at(91, 30)).empty());
  EXPECT_TRUE(index.containing(at(std::numeric_limits<double>::quiet_NaN(), 30)).empty());
  EXPECT_TRUE(index.containing(at(-89, -170)).empty());
  EXPECT_EQ(index.containing(at(50.5, 30.5)), std::vector<std::size_t>{0});
}

}  // namespace
}  // namespace siren
