#include "core/zone/zone_map.h"

#include <gtest/gtest.h>

#include "core/zone/worlds.h"

namespace siren {
namespace {

using test::at;
using test::kKyiv;
using test::square;

void expect_failure(std::vector<zone> zones, reason why, std::string const& named) {
  auto const built = zone_map::build(std::move(zones));
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().why, why);
  EXPECT_NE(built.error().message.find("\"" + named + "\""), std::string::npos) << built.error().message;
}

TEST(zone_map, failures_name_the_zone) {
  auto flat = square("flat", kKyiv, 1000);
  flat.shape[0].outer.resize(2);
  auto bare = square("bare", kKyiv, 1000);
  bare.shape.clear();
  auto crossed = square("crossed", kKyiv, 1000);
  std::swap(crossed.shape[0].outer[0], crossed.shape[0].outer[1]);
  auto a = square("a", kKyiv, 1000, "b");
  auto b = square("b", kKyiv, 1000, "a");
  expect_failure({flat}, reason::malformed, "flat");
  expect_failure({bare}, reason::malformed, "bare");
  expect_failure({crossed}, reason::malformed, "crossed");
  expect_failure({square("x", kKyiv, 1000), square("x", kKyiv, 2000)}, reason::malformed, "x");
  expect_failure({square("", kKyiv, 1000)}, reason::malformed, "");
  expect_failure({square("child", kKyiv, 1000, "nobody")}, reason::unknown_zone, "child");
  expect_failure({square("own", kKyiv, 1000, "own")}, reason::malformed, "own");
  expect_failure({a, b}, reason::malformed, "a");
}

TEST(zone_map, knows_the_tree_whatever_the_order_given) {
  auto const built =
      zone_map::build({square("district", kKyiv, 1000, "city"), square("country", kKyiv, 90'000),
                       square("city", kKyiv, 9'000, "country"), square("other", at(kKyiv, 0, 50), 900, "country")});
  ASSERT_TRUE(built.ok());
  auto const& zones = *built;
  EXPECT_EQ(zones.all().front().id, zone_id{"country"});
  EXPECT_EQ(zones.children(zone_id{"country"}), (std::vector{zone_id{"city"}, zone_id{"other"}}));
  EXPECT_EQ(zones.ancestors(zone_id{"district"}), (std::vector{zone_id{"city"}, zone_id{"country"}}));
  EXPECT_EQ(zones.descendants(zone_id{"country"}),
            (std::vector{zone_id{"city"}, zone_id{"other"}, zone_id{"district"}}));
  EXPECT_EQ(zones.leaves(), (std::vector{zone_id{"other"}, zone_id{"district"}}));
  EXPECT_EQ(zones.find(zone_id{"nobody"}), nullptr);
  EXPECT_TRUE(zones.region_of(zone_id{"city"}).contains(kKyiv));
}

TEST(zone_map, a_place_belongs_to_the_deepest_and_then_smallest_zone) {
  auto const built = zone_map::build({square("city", kKyiv, 9'000), square("big", kKyiv, 4'000, "city"),
                                      square("small", at(kKyiv, 0, 3), 2'000, "city")});
  ASSERT_TRUE(built.ok());
  EXPECT_EQ(built->leaf_at(at(kKyiv, 0, 3)), zone_id{"small"});
  EXPECT_EQ(built->leaf_at(at(kKyiv, 180, 3)), zone_id{"big"});
  EXPECT_EQ(built->leaf_at(at(kKyiv, 180, 7)), zone_id{"city"});
  EXPECT_EQ(built->leaf_at(at(kKyiv, 180, 30)), std::nullopt);
}

TEST(zone_map, a_place_in_a_hole_is_outside) {
  auto ring = square("ring", kKyiv, 9'000);
  ring.shape[0].holes.push_back(square("hole", kKyiv, 3'000).shape[0].outer);
  auto const built = zone_map::build({ring});
  ASSERT_TRUE(built.ok());
  EXPECT_EQ(built->leaf_at(kKyiv), std::nullopt);
  EXPECT_EQ(built->leaf_at(at(kKyiv, 0, 6)), zone_id{"ring"});
}

TEST(zone_map, an_id_means_itself_or_the_zones_that_replace_it) {
  auto west_a = square("west_a", at(kKyiv, 270, 8), 2'000, "oblast");
  auto west_b = square("west_b", at(kKyiv, 270, 2), 2'000, "oblast");
  west_a.replaces = west_b.replaces = {zone_id{"west"}};
  west_b.replaces.emplace_back("gone");
  auto const built = zone_map::build({west_a, west_b, square("oblast", kKyiv, 20'000)});
  ASSERT_TRUE(built.ok());
  using positions = std::vector<std::size_t>;
  EXPECT_EQ(built->meant_by(zone_id{"oblast"}), positions{0});
  EXPECT_EQ(built->meant_by(zone_id{"west"}), (positions{1, 2}));
  EXPECT_EQ(built->meant_by(zone_id{"gone"}), positions{2});
  EXPECT_EQ(built->meant_by(zone_id{"atlantis"}), positions{});
  EXPECT_EQ(built->leaf_positions(), (positions{1, 2}));
  auto impossible = square("new", kKyiv, 1'000);
  impossible.replaces = {zone_id{"there"}};
  expect_failure({impossible, square("there", kKyiv, 2'000)}, reason::malformed, "new");
}

}  // namespace
}  // namespace siren
