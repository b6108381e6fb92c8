// The city's streets as vector tiles: which streets a tile holds, and that nobody gets one that is none.
#include <gtest/gtest.h>

#include <protozero/pbf_reader.hpp>

#include "operator_console/city_tiles.h"
#include "services/bundle_folder.h"

namespace siren {
namespace {

// Around 50.45 N 30.52 E: a main road over two kilometres, a lane, a footpath far away.
constexpr char kStreets[] = R"(<osm version="0.6">
<node id="1" lat="50.450" lon="30.510"/><node id="2" lat="50.450" lon="30.520"/><node id="3" lat="50.450" lon="30.540"/>
<node id="4" lat="50.4505" lon="30.5105"/><node id="5" lat="50.451" lon="30.511"/>
<node id="6" lat="50.550" lon="30.700"/><node id="7" lat="50.551" lon="30.701"/>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="name" v="Хрещатик"/></way>
<way id="2"><nd ref="4"/><nd ref="5"/><tag k="highway" v="residential"/></way>
<way id="3"><nd ref="6"/><nd ref="7"/><tag k="highway" v="footway"/></way>
<way id="4"><nd ref="1"/><nd ref="5"/><tag k="building" v="yes"/></way>
<way id="5"><nd ref="1"/><nd ref="99"/><tag k="highway" v="primary"/></way>
</osm>)";

struct seen_tile {
  int features = 0;
  std::vector<std::string> names;
  std::vector<std::vector<std::uint32_t>> lines;
};

seen_tile look_into(std::string const& bytes) {
  seen_tile seen;
  protozero::pbf_reader tile{bytes};
  while (tile.next(3)) {
    auto layer = tile.get_message();
    while (layer.next()) {
      if (layer.tag() == 2) {
        ++seen.features;
        auto feature = layer.get_message();
        while (feature.next())
          if (feature.tag() == 4) {
            auto const range = feature.get_packed_uint32();
            seen.lines.emplace_back(range.begin(), range.end());
          } else {
            feature.skip();
          }
      } else if (layer.tag() == 4) {
        auto value = layer.get_message();
        while (value.next())
          if (value.tag() == 1)
            seen.names.push_back(value.get_string());
          else
            value.skip();
      } else {
        layer.skip();
      }
    }
  }
  return seen;
}

class console_tiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.write("streets.osm", kStreets);
    auto read = city_tiles::read((folder_.path() / "streets.osm").string());
    ASSERT_TRUE(read) << read.error().message;
    tiles_ = std::move(*read);
  }
  seen_tile at(std::string const& path) {
    auto const bytes = tiles_.tile(path);
    EXPECT_TRUE(bytes) << path;
    return look_into(bytes.value_or(""));
  }
  test::temporary_folder folder_;
  city_tiles tiles_;
};

TEST_F(console_tiles, a_near_tile_holds_every_street_and_a_far_one_the_great_ones) {
  auto const near = at("14/9580/5524");
  EXPECT_EQ(near.features, 2);
  EXPECT_EQ(near.names, std::vector<std::string>{"Хрещатик"});
  EXPECT_EQ(at("12/2395/1381").features, 1) << "lanes come at 13";
  EXPECT_EQ(at("0/0/0").features, 0) << "all of it in one dot";
}

// A line begins with MoveTo, one point, and goes on with LineTo, the rest.
TEST_F(console_tiles, a_line_is_written_as_the_format_says) {
  auto const near = at("14/9580/5524");
  for (auto const& line : near.lines) {
    ASSERT_GE(line.size(), 6U);
    EXPECT_EQ(line[0], 1U | 1U << 3U);
    EXPECT_EQ(line[3] & 7U, 2U);
    EXPECT_EQ(line.size(), 4 + 2 * (line[3] >> 3U));
  }
}

TEST_F(console_tiles, a_tile_beside_all_streets_is_empty) {
  EXPECT_EQ(tiles_.tile("14/0/0"), "");
}

TEST_F(console_tiles, what_is_no_tile_is_none) {
  for (auto const* path : {"", "14", "14/1", "14/1/", "/1/1", "14/9580/5524/", "14/9580/5524.mvt", "15/1/1",
                           "14/16384/0", "1/0/2", "-1/0/0", "14/a/b", "99999999999/0/0"})
    EXPECT_FALSE(tiles_.tile(path)) << path;
}

TEST(console_streets, that_cannot_be_read_are_told) {
  test::temporary_folder folder;
  folder.write("streets.osm.pbf", "none");
  EXPECT_FALSE(city_tiles::read((folder.path() / "streets.osm.pbf").string()));
  EXPECT_FALSE(city_tiles::read((folder.path() / "nothing.osm").string()));
}

}  // namespace
}  // namespace siren
