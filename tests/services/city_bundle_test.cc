#include "common/city_bundle/city_bundle.h"

#include <gmock/gmock.h>

#include <map>

#include "bundle_folder.h"
#include "common/city_bundle/csv.h"

namespace siren {
namespace {

using test::temporary_folder;
using ::testing::ElementsAre;

std::map<std::string, std::string> const kGood{
    {"city.json", R"({"format":"siren-city/1","name_uk":"Місто","name_en":"Town","country":"UA","city_zone":"c",
      "time_zone":"Europe/Kyiv","centre":{"lat":50.5,"lon":30.5},
      "city_box":{"south":50,"west":30,"north":51,"east":31},
      "theatre_box":{"south":45,"west":22,"north":55,"east":42},"attribution":["nobody"]})"},
    {"streets.osm.pbf", "read by the route planner only"},
    {"zones.geojson", R"({"type":"FeatureCollection","features":[
      {"type":"Feature","properties":{"id":"d1","kind":"district","parent":"c","name_uk":"Р1","name_en":"D1"},
       "geometry":{"type":"Polygon","coordinates":[[[30,50],[30.5,50],[30.5,51],[30,51],[30,50]]]}},
      {"type":"Feature","properties":{"id":"c","kind":"city","name_uk":"М","name_en":"C"},
       "geometry":{"type":"MultiPolygon","coordinates":[[[[30,50],[31,50],[31,51],[30,51],[30,50]]]]}}]})"},
    {"population.csv", "zone_id,people\nc,1000\nd1,600\n"},
    {"shelters.csv",
     "id,type,name_uk,name_en,address,lat,lon,capacity,step_free,pets,state,verified_at,generated\n"
     "s1,basic,У1,S1,\"Main, 1\",50.5,30.5,100,yes,no,open,2026-01-01T00:00:00Z,no\n"
     "s2,storage,У2,S2,,50.6,30.6,,no,yes,unknown,,yes\n"},
    {"metro.json", R"({"lines":[{"id":"M1","name_uk":"Л","name_en":"L"}],"stations":[
      {"id":"m1","name_uk":"Глибока","name_en":"Deep","line":"M1","order":1,"lat":50.5,"lon":30.5,"depth_m":60,
       "entrances":[{"name":"1","lat":50.501,"lon":30.5,"step_free":true},{"lat":50.502,"lon":30.5}]},
      {"id":"m2","name_uk":"Наземна","name_en":"Surface","line":"M1","order":2,"lat":50.5,"lon":30.52,"surface":true}]})"},
};

void write_good(temporary_folder const& folder) {
  for (auto const& [name, text] : kGood) folder.write(name, text);
}

std::string replaced(std::string text, std::string const& what, std::string const& with) {
  auto const at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(city_bundle, a_good_bundle_is_read_whole) {
  temporary_folder folder;
  write_good(folder);
  auto const bundle = load_city_bundle(folder.path());
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  EXPECT_TRUE(bundle->rejects.empty());
  ASSERT_EQ(bundle->zones.size(), 2U);
  EXPECT_EQ(bundle->zones[0].id.value, "c") << "a parent comes before its children";
  EXPECT_EQ(bundle->zones[0].population, 1000U);
  EXPECT_EQ(bundle->zones[1].parent, zone_id{"c"});
  EXPECT_EQ(bundle->zones[1].shape.front().outer.size(), 4U) << "rings are open";
  ASSERT_EQ(bundle->shelters.size(), 4U);
  EXPECT_EQ(bundle->shelters[0].address, "Main, 1");
  EXPECT_EQ(bundle->shelters[0].entrances.size(), 1U);
  EXPECT_TRUE(takes_people(bundle->shelters[0]));
  EXPECT_EQ(bundle->shelters[1].capacity, 0U) << "an empty capacity is unknown";
  EXPECT_FALSE(bundle->shelters[1].verified_at.has_value());
  EXPECT_FALSE(bundle->water.has_value());
}

TEST(city_bundle, codes_of_zones_are_read_and_bad_ones_rejected) {
  temporary_folder folder;
  write_good(folder);
  EXPECT_TRUE(load_city_bundle(folder.path())->codes.empty()) << "the file is optional";
  folder.write("region_codes.csv",
               "zone_id,uid,katotth\nc,31,UA80000000000093317\nd1,,UA80000000000126643\nx,1,\nd1,5,\n");
  auto const bundle = load_city_bundle(folder.path());
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  ASSERT_EQ(bundle->codes.size(), 2U);
  EXPECT_EQ(bundle->codes.at(zone_id{"c"}), (region_codes{"31", "UA80000000000093317"}));
  EXPECT_EQ(bundle->codes.at(zone_id{"d1"}), (region_codes{"", "UA80000000000126643"}));
  ASSERT_EQ(bundle->rejects.size(), 2U);
  EXPECT_EQ(bundle->rejects[0].because.why, reason::unknown_zone);
  EXPECT_EQ(bundle->rejects[1].because.why, reason::duplicate);
  folder.write("region_codes.csv", "zone_id,uid,katotth\nc,31a,\nd1,,UA8\n");
  auto const bad = load_city_bundle(folder.path());
  ASSERT_TRUE(bad.ok());
  EXPECT_TRUE(bad->codes.empty());
  ASSERT_EQ(bad->rejects.size(), 2U);
  for (auto const& reject : bad->rejects) EXPECT_EQ(reject.because.why, reason::malformed);
}

// A surface station shown as a shelter would send people onto a platform in the open.
TEST(city_bundle, surface_stations_never_shelter) {
  temporary_folder folder;
  write_good(folder);
  auto const bundle = load_city_bundle(folder.path());
  ASSERT_TRUE(bundle.ok());
  auto const& deep = bundle->shelters[2];
  EXPECT_EQ(deep.type, shelter_type::metro_station);
  EXPECT_EQ(deep.role, metro_role::train);
  EXPECT_EQ(deep.capacity, bundle_policy{}.metro_capacity);
  EXPECT_TRUE(deep.step_free);
  EXPECT_EQ(deep.entrances.size(), 2U);
  EXPECT_TRUE(takes_people(deep));
  EXPECT_EQ(deep.depth, meters{60.0});
  auto const& surface = bundle->shelters[3];
  EXPECT_TRUE(surface.surface);
  EXPECT_EQ(surface.role, metro_role::closed);
  EXPECT_EQ(surface.state, open_state::closed);
  EXPECT_FALSE(takes_people(surface));
}

struct whole_case {
  char const* file;
  char const* what;  // empty: the file is removed
  char const* with;
  reason why;
};

class unusable_bundle : public ::testing::TestWithParam<whole_case> {};

TEST_P(unusable_bundle, fails_with_a_reason) {
  auto const& c = GetParam();
  temporary_folder folder;
  write_good(folder);
  if (*c.what == '\0') {
    std::filesystem::remove(folder.path() / c.file);
  } else {
    folder.write(c.file, replaced(kGood.at(c.file), c.what, c.with));
  }
  auto const bundle = load_city_bundle(folder.path());
  ASSERT_FALSE(bundle.ok());
  EXPECT_EQ(bundle.error().why, c.why) << bundle.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    table, unusable_bundle,
    ::testing::Values(whole_case{"city.json", "", "", reason::file_unreadable},
                      whole_case{"streets.osm.pbf", "", "", reason::file_unreadable},
                      whole_case{"zones.geojson", "", "", reason::file_unreadable},
                      whole_case{"shelters.csv", "", "", reason::file_unreadable},
                      whole_case{"metro.json", "", "", reason::file_unreadable},
                      whole_case{"population.csv", "", "", reason::file_unreadable},
                      whole_case{"city.json", "siren-city/1", "siren-city/2", reason::schema_mismatch},
                      whole_case{"city.json", "{", "[", reason::malformed},
                      whole_case{"city.json", "\"name_en\":\"Town\",", "", reason::missing_field},
                      whole_case{"city.json", "\"country\":\"UA\"", "\"country\":\"UKR\"", reason::malformed},
                      whole_case{"city.json", "\"lat\":50.5", "\"lat\":10", reason::malformed},
                      whole_case{"city.json", "\"north\":51", "\"north\":49", reason::malformed},
                      whole_case{"city.json",
                                 "\"attribution\":", "\"generated\":true,\"attribution\":", reason::missing_field},
                      whole_case{"city.json", "\"city_zone\":\"c\"", "\"city_zone\":\"x\"", reason::unknown_zone},
                      whole_case{"zones.geojson", "features", "things", reason::missing_field},
                      whole_case{"metro.json", "\"stations\":[", "\"stations\":", reason::malformed}));

struct reject_case {
  char const* file;
  char const* what;
  char const* with;
  std::size_t row;
  reason why;
  std::size_t zones;
  std::size_t shelters;
};

class bad_row : public ::testing::TestWithParam<reject_case> {};

TEST_P(bad_row, is_one_reject_and_nothing_else_is_lost) {
  auto const& c = GetParam();
  temporary_folder folder;
  write_good(folder);
  folder.write(c.file, replaced(kGood.at(c.file), c.what, c.with));
  auto const bundle = load_city_bundle(folder.path());
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  ASSERT_EQ(bundle->rejects.size(), 1U);
  EXPECT_EQ(bundle->rejects[0].file, c.file);
  EXPECT_EQ(bundle->rejects[0].row, c.row);
  EXPECT_EQ(bundle->rejects[0].because.why, c.why) << bundle->rejects[0].because.message;
  EXPECT_EQ(bundle->zones.size(), c.zones);
  EXPECT_EQ(bundle->shelters.size(), c.shelters);
}

constexpr char kShelters[] = "shelters.csv";
constexpr char kMetro[] = "metro.json";
constexpr char kZones[] = "zones.geojson";
constexpr char kPeople[] = "population.csv";
INSTANTIATE_TEST_SUITE_P(
    table, bad_row,
    ::testing::Values(reject_case{kShelters, "s1,basic", ",basic", 2, reason::missing_field, 2, 3},
                      reject_case{kShelters, "s1,basic", "s 1,basic", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "s1,basic", "s1,bunker", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "s1,basic", "s1,metro_station", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "s2,storage", "s1,storage", 3, reason::duplicate, 2, 3},
                      reject_case{kShelters, "У1", "", 2, reason::missing_field, 2, 3},
                      reject_case{kShelters, "У1", "\xC3\x28", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "50.5,30.5", "95,30.5", 2, reason::latitude_out_of_range, 2, 3},
                      reject_case{kShelters, "50.5,30.5", "50.5,230.5", 2, reason::longitude_out_of_range, 2, 3},
                      reject_case{kShelters, "50.5,30.5", "nan,30.5", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "50.5,30.5", "30.5,50.5", 2, reason::outside_theatre, 2, 3},
                      reject_case{kShelters, "50.5,30.5", ",30.5", 2, reason::missing_field, 2, 3},
                      reject_case{kShelters, "100,yes", "-1,yes", 2, reason::capacity_out_of_range, 2, 3},
                      reject_case{kShelters, "100,yes", "100001,yes", 2, reason::capacity_out_of_range, 2, 3},
                      reject_case{kShelters, "100,yes", "1.5,yes", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "100,yes", "100,true", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "no,open", "no,ajar", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "2026-01-01T00:00:00Z", "yesterday", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "\"Main, 1\"", "\"Main, 1", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "\"Main, 1\"", "\"Main\" 1", 2, reason::malformed, 2, 3},
                      reject_case{kShelters, "\"Main, 1\"", "Main, 1", 2, reason::malformed, 2, 3},
                      reject_case{kMetro, "\"order\":2", "\"order\":1", 2, reason::duplicate, 2, 3},
                      reject_case{kMetro, "\"id\":\"m2\"", "\"id\":\"m1\"", 2, reason::duplicate, 2, 3},
                      reject_case{kMetro, "\"depth_m\":60", "\"depth_m\":6000", 1, reason::malformed, 2, 3},
                      reject_case{kMetro, "\"line\":\"M1\"", "\"line\":\"M9\"", 1, reason::malformed, 2, 3},
                      reject_case{kMetro, "\"surface\":true", "\"surface\":\"yes\"", 2, reason::malformed, 2, 3},
                      reject_case{kMetro, "\"surface\":true", "\"role\":\"disco\"", 2, reason::malformed, 2, 3},
                      reject_case{kMetro, "\"lat\":50.501", "\"lat\":\"50.501\"", 1, reason::malformed, 2, 3},
                      reject_case{kPeople, "c,1000", "x,1000", 2, reason::unknown_zone, 2, 4},
                      reject_case{kPeople, "d1,600", "c,600", 3, reason::duplicate, 2, 4},
                      reject_case{kPeople, "d1,600", "d1,many", 3, reason::malformed, 2, 4}),
    [](auto const& param_info) { return "case_" + std::to_string(param_info.index); });

TEST(city_bundle, orphans_circles_and_crossed_rings_of_zones_are_rejected) {
  struct zone_case {
    char const* what;
    char const* with;
    reason why;
  };
  for (auto const& c :
       {zone_case{"\"parent\":\"c\"", "\"parent\":\"nowhere\"", reason::unknown_zone},
        zone_case{"\"parent\":\"c\"", "\"parent\":\"d1\"", reason::unknown_zone},
        zone_case{"[[[30,50],[30.5,50],[30.5,51],", "[[[30,50],[30.5,51],[30.5,50],", reason::malformed},
        zone_case{"[30,51],[30,50]]]}},", "[30,51]]]}},", reason::malformed},
        zone_case{"\"kind\":\"district\"", "\"kind\":\"street\"", reason::malformed},
        zone_case{"\"id\":\"d1\"", "\"id\":\"\"", reason::missing_field}}) {
    temporary_folder folder;
    write_good(folder);
    folder.write(kPeople, "zone_id,people\n");
    folder.write(kZones, replaced(kGood.at(kZones), c.what, c.with));
    auto const bundle = load_city_bundle(folder.path());
    ASSERT_TRUE(bundle.ok()) << bundle.error().message;
    ASSERT_EQ(bundle->rejects.size(), 1U) << c.with;
    EXPECT_EQ(bundle->rejects[0].because.why, c.why) << bundle->rejects[0].because.message;
    EXPECT_EQ(bundle->zones.size(), 1U);
  }
}

TEST(city_bundle, a_zone_names_those_that_it_replaces_and_none_that_is_there) {
  struct replace_case {
    char const* list;
    std::vector<zone_id> replaces;
    std::size_t rejects;
  };
  for (auto const& c : {replace_case{R"(["old.1","old.2"])", {zone_id{"old.1"}, zone_id{"old.2"}}, 0},
                        replace_case{R"(["old.1","c"])", {zone_id{"old.1"}}, 1}, replace_case{"[]", {}, 0}}) {
    temporary_folder folder;
    write_good(folder);
    folder.write(kZones,
                 replaced(kGood.at(kZones), "\"parent\":\"c\"", R"("parent":"c","replaces":)" + std::string{c.list}));
    auto const bundle = load_city_bundle(folder.path());
    ASSERT_TRUE(bundle.ok()) << bundle.error().message;
    EXPECT_EQ(bundle->rejects.size(), c.rejects) << c.list;
    ASSERT_EQ(bundle->zones.size(), 2U);
    EXPECT_EQ(bundle->zones[1].replaces, c.replaces) << c.list;
  }
  for (auto const* wrong : {"\"old\"", "[7]", "[\"no spaces\"]"}) {
    temporary_folder folder;
    write_good(folder);
    folder.write(kPeople, "zone_id,people\n");
    folder.write(kZones,
                 replaced(kGood.at(kZones), "\"parent\":\"c\"", R"("parent":"c","replaces":)" + std::string{wrong}));
    auto const bundle = load_city_bundle(folder.path());
    ASSERT_TRUE(bundle.ok()) << bundle.error().message;
    EXPECT_EQ(bundle->rejects.size(), 1U) << wrong;
    EXPECT_EQ(bundle->zones.size(), 1U) << wrong;
  }
}

TEST(city_bundle, a_station_with_the_id_of_a_shelter_stays_out) {
  temporary_folder folder;
  write_good(folder);
  folder.write(kMetro, replaced(kGood.at(kMetro), "\"id\":\"m2\"", "\"id\":\"s1\""));
  auto const bundle = load_city_bundle(folder.path());
  ASSERT_TRUE(bundle.ok());
  ASSERT_EQ(bundle->rejects.size(), 1U);
  EXPECT_EQ(bundle->rejects[0].file, kMetro);
  EXPECT_EQ(bundle->rejects[0].row, 2U);
  EXPECT_EQ(bundle->rejects[0].because.why, reason::duplicate);
  EXPECT_EQ(bundle->shelters.size(), 3U);
}

TEST(city_bundle, limits_fail_the_whole) {
  temporary_folder folder;
  write_good(folder);
  for (auto const& tight : {bundle_policy{.max_file_bytes = 100}, bundle_policy{.max_zones = 1},
                            bundle_policy{.max_vertices = 5}, bundle_policy{.max_stations = 1}}) {
    auto const bundle = load_city_bundle(folder.path(), tight);
    ASSERT_FALSE(bundle.ok());
    EXPECT_EQ(bundle.error().why, reason::message_too_large);
  }
  auto const few_doors = load_city_bundle(folder.path(), bundle_policy{.max_entrances = 1});
  ASSERT_TRUE(few_doors.ok());
  EXPECT_EQ(few_doors->rejects.size(), 1U);
}

// A quote that was never closed once ate the rest of a list: every shelter after it was gone without a word.
TEST(csv, an_open_quote_costs_one_line) {
  auto const table = parse_csv("a,b\n1,\"x\n2,y\n3,\"z\"\n4,w\n");
  ASSERT_TRUE(table.ok());
  ASSERT_EQ(table->rejects.size(), 1U);
  EXPECT_EQ(table->rejects[0].line, 2U);
  ASSERT_EQ(table->rows.size(), 3U);
  EXPECT_THAT(table->rows[0].fields, ElementsAre("2", "y"));
  EXPECT_EQ(table->rows[2].line, 5U);
}

TEST(csv, reads_what_the_rfc_allows) {
  auto const table = parse_csv("\xEF\xBB\xBFname,text\r\n\"a \"\"b\"\"\",\"1,2\r\n3\"\r\n\r\nlast,");
  ASSERT_TRUE(table.ok());
  EXPECT_TRUE(table->rejects.empty());
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_THAT(table->rows[0].fields, ElementsAre("a \"b\"", "1,2\r\n3"));
  EXPECT_THAT(table->rows[1].fields, ElementsAre("last", ""));
  EXPECT_EQ(table->rows[1].line, 5U);
}

TEST(csv, limits) {
  csv_limits const limits{.max_field_bytes = 4, .max_columns = 2, .max_rows = 2};
  auto const table = parse_csv("a,b\n12345,x\n1,2,3\n", limits);
  ASSERT_TRUE(table.ok());
  ASSERT_EQ(table->rejects.size(), 2U);
  EXPECT_EQ(table->rejects[0].because.why, reason::field_too_long);
  EXPECT_EQ(table->rejects[1].because.why, reason::field_too_long);
  EXPECT_EQ(parse_csv("a\n1\n2\n3\n", limits).error().why, reason::message_too_large);
  EXPECT_EQ(parse_csv("", limits).error().why, reason::missing_field);
}

TEST(csv, what_is_written_is_read_again) {
  for (std::string const text : {"plain", "a,b", "say \"no\"", "two\nlines", ""}) {
    auto const table = parse_csv("x,y\n" + csv_field(text) + ",1\n");
    ASSERT_TRUE(table.ok());
    ASSERT_EQ(table->rows.size(), 1U) << text;
    EXPECT_EQ(table->rows[0].fields[0], text);
  }
}

}  // namespace
}  // namespace siren
