#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <osmium/handler.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/reader.hpp>
#include <osmium/visitor.hpp>
#include <sstream>

#include "bundle_folder.h"
#include "check.h"
#include "core/geo/region.h"
#include "core/zone/zone_map.h"
#include "facts.h"
#include "from_osm.h"
#include "generate.h"

namespace siren::city {
namespace {

using test::temporary_folder;
using test::text_of;

std::filesystem::path const kFacts = std::filesystem::path{SIREN_SOURCE_DIR} / "deploy/city/kyiv";

struct street_file : osmium::handler::Handler {
  struct way_line {
    std::vector<std::int64_t> nodes;
    bool bridge;
  };
  std::map<std::int64_t, lat_lon> places;
  std::vector<way_line> ways;
  std::size_t entrances = 0;
  std::size_t stairs = 0;

  void node(osmium::Node const& node) {
    places[node.id()] = {degrees{node.location().lat()}, degrees{node.location().lon()}};
    entrances += node.tags().has_tag("railway", "subway_entrance") ? 1 : 0;
  }
  void way(osmium::Way const& way) {
    ways.push_back({{}, way.tags().has_tag("bridge", "yes")});
    stairs += way.tags().has_tag("highway", "steps") ? 1 : 0;
    for (auto const& n : way.nodes()) ways.back().nodes.push_back(n.ref());
  }
  static street_file read(std::filesystem::path const& file) {
    street_file streets;
    osmium::io::Reader reader{file.string()};
    osmium::apply(reader, streets);
    reader.close();
    return streets;
  }
};

/// The part of the network that each node belongs to.
std::map<std::int64_t, std::int64_t> parts_of(street_file const& streets, bool with_bridges) {
  std::map<std::int64_t, std::int64_t> leader;
  for (auto const& [id, place] : streets.places) leader[id] = id;
  auto const of = [&](std::int64_t id) {
    while (leader[id] != id) id = leader[id] = leader[leader[id]];
    return id;
  };
  for (auto const& w : streets.ways) {
    if (w.bridge && !with_bridges) continue;
    for (std::size_t i = 1; i < w.nodes.size(); ++i) leader[of(w.nodes[i - 1])] = of(w.nodes[i]);
  }
  for (auto const& [id, place] : streets.places) leader[id] = of(id);
  return leader;
}

std::int64_t nearest(street_file const& streets, lat_lon to) {
  auto const nearer = [&](auto const& a, auto const& b) { return distance(a.second, to) < distance(b.second, to); };
  return std::min_element(streets.places.begin(), streets.places.end(), nearer)->first;
}

constexpr std::size_t kStations = 52;
constexpr lat_lon kObolon{degrees{50.505}, degrees{30.498}};
constexpr lat_lon kPozniaky{degrees{50.403}, degrees{30.628}};
constexpr lat_lon kTrukhaniv{degrees{50.466}, degrees{30.548}};

/// The demo's city, made once for all tests.
class kyiv : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new temporary_folder;
    std::ostringstream progress;
    auto const made = generate({kFacts, folder->path(), 1, 1.0}, progress);
    ASSERT_TRUE(made.ok()) << made.error().message;
    streets = new street_file{street_file::read(folder->path() / "streets.osm.pbf")};
    bundle = new city_bundle{*load_city_bundle(folder->path())};
  }
  static void TearDownTestSuite() {
    delete bundle;
    delete streets;
    delete folder;
  }
  static inline temporary_folder* folder = nullptr;
  static inline street_file* streets = nullptr;
  static inline city_bundle* bundle = nullptr;
};

TEST_F(kyiv, is_a_city_of_its_size) {
  EXPECT_GE(streets->places.size(), 150'000U);
  EXPECT_GE(bundle->shelters.size() - kStations, 4'000U);
  EXPECT_GE(streets->stairs, 100U);
  EXPECT_EQ(streets->entrances, 270U) << "every entrance of the metro stands on a street";
  EXPECT_TRUE(bundle->rejects.empty());
  EXPECT_TRUE(bundle->info.generated);
  for (auto const& s : bundle->shelters) {
    if (s.type == shelter_type::metro_station) continue;
    EXPECT_TRUE(s.generated);
    EXPECT_NE(s.name_uk.find("(згенеровано)"), std::string::npos);
    EXPECT_GT(s.capacity, 0U);
  }
}

TEST_F(kyiv, has_52_stations_six_of_them_above_ground) {
  std::size_t stops = 0;
  for (auto const& line : bundle->metro.lines) stops += line.stops.size();
  EXPECT_EQ(stops, kStations);
  std::size_t surface = 0;
  std::size_t entrances = 0;
  for (auto const& s : bundle->shelters) {
    if (s.type != shelter_type::metro_station) continue;
    surface += s.surface ? 1 : 0;
    entrances += s.entrances.size();
    EXPECT_EQ(takes_people(s), !s.surface) << s.name_en;
  }
  EXPECT_EQ(surface, 6U);
  EXPECT_EQ(entrances, 270U);
}

TEST_F(kyiv, places_per_district_follow_the_plan) {
  auto const facts = read_facts(kFacts);
  ASSERT_TRUE(facts.ok()) << facts.error().message;
  auto const zones = zone_map::build(bundle->zones);
  ASSERT_TRUE(zones.ok()) << zones.error().message;
  std::map<zone_id, double> places;
  for (auto const& s : bundle->shelters) {
    auto const where = zones->leaf_at(s.place);
    ASSERT_TRUE(where.has_value());
    if (s.generated) places[*where] += s.capacity;
  }
  std::uint64_t people = 0;
  for (auto const& plan : facts->districts) {
    auto const& z = facts->zones[plan.zone];
    people += z.population;
    EXPECT_NEAR(places[z.id] / z.population, plan.places_per_person, 0.05 * plan.places_per_person) << z.name_en;
  }
  EXPECT_EQ(people, 2'967'360U);
  EXPECT_NEAR(places[zone_id{"UA80000000000336424"}] / 369'752, 0.40, 0.02) << "Desnianskyi";
}

TEST_F(kyiv, zones_form_one_tree_without_gaps_between_districts) {
  auto const zones = zone_map::build(bundle->zones);
  ASSERT_TRUE(zones.ok()) << zones.error().message;
  EXPECT_EQ(zones->children(zone_id{"31"}).size(), 10U);
  EXPECT_EQ(zones->children(zone_id{"14"}).size(), 7U);
  std::size_t in_city = 0;
  for (auto const& [id, place] : streets->places) {
    if (id % 40 != 0 || !zones->region_of(zone_id{"31"}).contains(place)) continue;
    ++in_city;
    std::size_t districts = 0;
    for (auto const& child : zones->children(zone_id{"31"}))
      districts += zones->region_of(child).contains(place) ? 1 : 0;
    EXPECT_EQ(districts, 1U) << place.lat.value << ' ' << place.lon.value;
    EXPECT_FALSE(zones->region_of(zone_id{"14"}).contains(place)) << "Kyiv is not in its oblast";
  }
  EXPECT_GT(in_city, 3'000U);
}

TEST_F(kyiv, only_bridges_stand_in_water) {
  auto const facts = read_facts(kFacts);
  ASSERT_TRUE(facts.ok());
  auto shape = facts->water;
  for (auto& p : shape) {  // GeoJSON's rings are closed, a region's are open
    p.outer.pop_back();
    for (auto& hole : p.holes) hole.pop_back();
  }
  auto const water = region::build(shape);
  ASSERT_TRUE(water.ok()) << water.error().message;
  std::size_t over_water = 0;
  for (auto const& w : streets->ways) {
    for (auto const id : w.nodes) {
      if (!water->contains(streets->places.at(id))) continue;
      ++over_water;
      EXPECT_TRUE(w.bridge);
    }
  }
  EXPECT_GT(over_water, 20U);
  for (auto const& s : bundle->shelters) EXPECT_FALSE(water->contains(s.place)) << s.id.value;
}

TEST_F(kyiv, banks_and_islands_are_joined_by_bridges_only) {
  auto const right = nearest(*streets, kObolon);
  auto const left = nearest(*streets, kPozniaky);
  auto const island = nearest(*streets, kTrukhaniv);
  auto whole = parts_of(*streets, true);
  for (auto const& [id, part] : whole) ASSERT_EQ(part, whole.begin()->second) << "one network";
  auto apart = parts_of(*streets, false);
  EXPECT_NE(apart[right], apart[left]);
  EXPECT_NE(apart[right], apart[island]);
  EXPECT_NE(apart[left], apart[island]);
}

TEST(generate, same_seed_same_bytes_other_seed_other_city) {
  temporary_folder first;
  temporary_folder again;
  temporary_folder other;
  std::ostringstream progress;
  ASSERT_TRUE(generate({kFacts, first.path(), 7, 0.1}, progress).ok());
  ASSERT_TRUE(generate({kFacts, again.path(), 7, 0.1}, progress).ok());
  ASSERT_TRUE(generate({kFacts, other.path(), 8, 0.1}, progress).ok());
  for (auto const* const file : {"shelters.csv", "streets.osm.pbf", "zones.geojson", "metro.json", "city.json"}) {
    auto const text = text_of(first.path() / file);
    EXPECT_GT(text.size(), 100U);
    EXPECT_EQ(text, text_of(again.path() / file)) << file;
  }
  EXPECT_NE(text_of(first.path() / "shelters.csv"), text_of(other.path() / "shelters.csv"));
  EXPECT_NE(text_of(first.path() / "streets.osm.pbf"), text_of(other.path() / "streets.osm.pbf"));
}

TEST(generate, refuses_facts_that_are_none) {
  temporary_folder out;
  std::ostringstream progress;
  EXPECT_EQ(generate({out.path(), out.path() / "x", 1, 0.1}, progress).error().why, reason::file_unreadable);
  EXPECT_EQ(generate({kFacts, out.path() / "x", 1, 0.0}, progress).error().why, reason::malformed);
}

from_osm_options options_of(std::filesystem::path const& streets, std::filesystem::path const& out, char const* name) {
  from_osm_options options;
  options.streets = streets;
  options.out = out;
  options.name = name;
  options.people = 1000;
  return options;
}

constexpr char kTown[] = R"(<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
 <node id="1" lat="50.00" lon="30.00"/><node id="2" lat="50.01" lon="30.02"/>
 <node id="3" lat="50.0050" lon="30.0100"><tag k="railway" v="station"/><tag k="station" v="subway"/>
   <tag k="name" v="Центр"/><tag k="name:en" v="Centre"/></node>
 <node id="4" lat="50.0052" lon="30.0101"><tag k="railway" v="subway_entrance"/><tag k="wheelchair" v="yes"/></node>
 <node id="5" lat="50.0048" lon="30.0099"><tag k="railway" v="subway_entrance"/></node>
 <node id="6" lat="50.0090" lon="30.0190"><tag k="railway" v="subway_entrance"/><tag k="name" v="Край"/></node>
 <node id="7" lat="50.0091" lon="30.0191"><tag k="railway" v="subway_entrance"/></node>
 <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
</osm>
)";

TEST(from_osm, makes_a_bundle_of_any_extract) {
  temporary_folder folder;
  folder.write("town.osm", kTown);
  auto const out = folder.path() / "bundle";
  auto const made = bundle_from_osm(options_of(folder.path() / "town.osm", out, "Town"));
  ASSERT_TRUE(made.ok()) << made.error().message;
  auto const bundle = load_city_bundle(out);
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  EXPECT_TRUE(bundle->rejects.empty());
  ASSERT_EQ(bundle->shelters.size(), 2U);
  EXPECT_EQ(bundle->shelters[0].name_en, "Centre");
  EXPECT_EQ(bundle->shelters[0].entrances.size(), 2U);
  EXPECT_TRUE(bundle->shelters[0].step_free);
  EXPECT_EQ(bundle->shelters[1].name_uk, "Край") << "a station that is only known by its entrances";
  EXPECT_EQ(bundle->shelters[1].role, metro_role::shelter_only);
  ASSERT_EQ(bundle->zones.size(), 10U);
  EXPECT_EQ(bundle->zones[0].population, 1000U);
  auto const people = std::accumulate(bundle->zones.begin() + 1, bundle->zones.end(), 0U,
                                      [](unsigned sum, zone const& z) { return sum + z.population; });
  EXPECT_EQ(people, 1000U);
  EXPECT_TRUE(zone_map::build(bundle->zones).ok());
  EXPECT_EQ(street_file::read(out / "streets.osm.pbf").ways.size(), 1U);
  std::ostringstream report;
  EXPECT_TRUE(check_bundle(out, report));
  EXPECT_NE(report.str().find("zones: 10, city 1, district 9"), std::string::npos) << report.str();
}

constexpr char kCounties[] = R"([{"id":"XX","name":"Test","items":[
 {"id":1,"town":"Oraș","address":"Str. Lungă 1","type":"public","lat":50.002,"lon":30.004,"capacity":80,"status":"green"},
 {"id":2,"town":"Oraș","address":"Str. Lungă, 2","type":"privat","lat":50.004,"lon":30.008,"capacity":40,"status":"orange"},
 {"id":3,"town":"","address":"Bd. Mare 3","type":"public","lat":50.006,"lon":30.012,"capacity":0,"status":"red"},
 {"id":4,"town":"Oraș","address":"Bd. Mare 4","type":"public","lat":50.007,"lon":30.012,"capacity":10,"status":"0"},
 {"id":5,"town":"Oraș","address":"Bd. Mare 5","type":"public","lat":51.5,"lon":30.01,"capacity":10,"status":"green"}]},
 {"id":"YY","name":"Test 2","items":[
 {"id":1,"town":"Oraș","address":"Fără loc","type":"public","lat":0,"lon":0,"capacity":10,"status":"green"},
 {"id":2,"town":"Oraș","address":"","type":"public","lat":50.007,"lon":30.012,"capacity":10,"status":"green"},
 {"id":3,"town":"Oraș","address":"x","type":"public","lat":50.007,"lon":30.012,"capacity":-1,"status":"green"},
 {"id":4,"town":"Oraș","address":"x","type":"public","lat":"50","lon":30.012,"capacity":1,"status":"green"},
 {"id":4,"town":"Oraș","address":"Bis","type":"public","lat":50.005,"lon":30.012,"capacity":1,"status":"green"},
 {"id":4,"town":"Oraș","address":"Ter","type":"public","lat":50.005,"lon":30.012,"capacity":1,"status":"green"}]}])";

TEST(from_osm, takes_a_list_of_romanian_shelters_inside_the_streets) {
  temporary_folder folder;
  folder.write("town.osm", kTown);
  folder.write("list.json", kCounties);
  auto const out = folder.path() / "bundle";
  auto options = options_of(folder.path() / "town.osm", out, "Oraș");
  options.shelters = folder.path() / "list.json";
  options.format = shelter_format::romania;
  auto const made = bundle_from_osm(options);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->shelters, 5U);
  EXPECT_EQ(made->shelters_outside, 1U);
  EXPECT_EQ(made->shelters_rejected, 5U);
  auto const bundle = load_city_bundle(out);
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  EXPECT_TRUE(bundle->rejects.empty());
  ASSERT_EQ(bundle->shelters.size(), 7U) << "and two stations";
  auto const& first = bundle->shelters[0];
  EXPECT_EQ(first.id.value, "ro-XX-1");
  EXPECT_EQ(first.type, shelter_type::dual_purpose);
  EXPECT_EQ(first.name_uk, "Str. Lungă 1");
  EXPECT_EQ(first.address, "Str. Lungă 1, Oraș");
  EXPECT_EQ(first.capacity, 80U);
  EXPECT_FALSE(first.generated);
  EXPECT_FALSE(first.verified_at.has_value()) << "nobody has looked";
  EXPECT_TRUE(takes_people(first));
  EXPECT_TRUE(takes_people(bundle->shelters[1])) << "works in part";
  EXPECT_EQ(bundle->shelters[2].state, open_state::closed);
  EXPECT_EQ(bundle->shelters[3].state, open_state::unknown);
}

TEST(from_osm, refuses_a_list_that_is_none) {
  temporary_folder folder;
  folder.write("town.osm", kTown);
  auto options = options_of(folder.path() / "town.osm", folder.path() / "bundle", "Oraș");
  options.format = shelter_format::romania;
  options.shelters = folder.path() / "list.json";
  EXPECT_EQ(bundle_from_osm(options).error().why, reason::file_unreadable);
  for (auto const& [text, why] :
       {std::pair{"{}", reason::malformed}, std::pair{"[", reason::malformed},
        std::pair{"[{\"id\":\"AB\"}]", reason::missing_field}, std::pair{"[7]", reason::malformed}}) {
    folder.write("list.json", text);
    EXPECT_EQ(bundle_from_osm(options).error().why, why) << text;
  }
}

// Long streets reach out of an extract; shelters beside them stand where no street is known.
TEST(from_osm, an_extracts_own_bounds_are_the_citys) {
  temporary_folder folder;
  std::string town = kTown;
  town.insert(town.find(" <node id=\"1\""),
              " <bounds minlat='50.002' minlon='30.004' maxlat='50.008' maxlon='30.016'/>\n");
  folder.write("town.osm", town);
  auto const out = folder.path() / "bundle";
  ASSERT_TRUE(bundle_from_osm(options_of(folder.path() / "town.osm", out, "Town")).ok());
  auto const bundle = load_city_bundle(out);
  ASSERT_TRUE(bundle.ok());
  EXPECT_NEAR(bundle->info.city_box.south_west.lat.value, 49.997, 1e-6);
  EXPECT_NEAR(bundle->info.city_box.north_east.lon.value, 30.021, 1e-6);
}

TEST(from_osm, bucharest_with_its_real_shelters) {
  auto const data = std::filesystem::path{SIREN_SOURCE_DIR} / "../shared/data";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "skipped: no ../shared/data";
  temporary_folder out;
  auto options = options_of(data / "streets/bucharest-titan-small.osm", out.path(), "București, Titan");
  options.shelters = data / "shelters/romania_shelters_adaposturi.json";
  options.format = shelter_format::romania;
  auto const made = bundle_from_osm(options);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->shelters + made->shelters_outside + made->shelters_rejected, 5'769U);
  EXPECT_EQ(made->shelters_rejected, 22U) << "no coordinates";
  EXPECT_GE(made->shelters, 20U);
  auto const bundle = load_city_bundle(out.path());
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  EXPECT_TRUE(bundle->rejects.empty());
  std::uint64_t places = 0;
  for (auto const& s : bundle->shelters) places += s.capacity;
  EXPECT_GE(places, 4'000U);
}

TEST(from_osm, refuses_what_is_no_city) {
  temporary_folder folder;
  folder.write("text.osm", "not a map");
  folder.write("empty.osm", "<osm version='0.6'></osm>");
  auto const out = folder.path() / "bundle";
  EXPECT_EQ(bundle_from_osm(options_of(folder.path() / "none.osm.pbf", out, "x")).error().why, reason::malformed);
  EXPECT_EQ(bundle_from_osm(options_of(folder.path() / "text.osm", out, "x")).error().why, reason::malformed);
  EXPECT_EQ(bundle_from_osm(options_of(folder.path() / "empty.osm", out, "x")).error().why, reason::malformed);
  EXPECT_EQ(bundle_from_osm(options_of(folder.path() / "empty.osm", out, "")).error().why, reason::field_too_long);
  std::ostringstream report;
  EXPECT_FALSE(check_bundle(out, report)) << "a bundle broken off is none";
  EXPECT_NE(report.str().find("unusable"), std::string::npos);
}

TEST(from_osm, london_north) {
  auto const streets = std::filesystem::path{SIREN_SOURCE_DIR} / "../shared/data/streets/london-northern-line.osm.pbf";
  if (!std::filesystem::exists(streets)) GTEST_SKIP() << "skipped: no ../shared/data";
  temporary_folder out;
  auto const made = bundle_from_osm(options_of(streets, out.path(), "London North"));
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ(made->entrances, 77U);
  auto const bundle = load_city_bundle(out.path());
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  EXPECT_TRUE(bundle->rejects.empty());
  std::size_t entrances = 0;
  for (auto const& s : bundle->shelters) entrances += s.entrances.size();
  EXPECT_EQ(entrances, 77U);
  EXPECT_GE(bundle->shelters.size(), 15U);
  EXPECT_LE(bundle->shelters.size(), 40U);
}

}  // namespace
}  // namespace siren::city
