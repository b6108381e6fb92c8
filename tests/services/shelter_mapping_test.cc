// Cities' own lists of shelters through declared mappings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "common/shelter_mapping/shelter_mapping.h"

namespace siren {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string const kFolder = SIREN_SOURCE_DIR "/deploy/mappings";

constexpr char kPlain[] = R"(
format: csv
box: { south: 50, west: 30, north: 51, east: 31 }
null_texts: ["-"]
assumed_capacity: 40
skip:
  - { column: kind, values: [sign], because: a sign }
fields:
  id: "x-{no}"
  type: { column: kind, values: { cellar: basic, garage: dual_purpose } }
  name_uk: "{kind}, {street}"
  lat: { column: lat }
  lon: { column: lon }
  place: { column: how, values: { gps: exact, guess: approximate, "?": none }, otherwise: approximate }
  capacity: { column: room }
  state: { column: hours, empty: unknown, otherwise: open, values: { shut: closed } }
  open_hours: { column: hours, values: { shut: "", day: "08:00-20:00", ever: always } }
  step_free: { column: ramp }
)";
constexpr char kHeader[] = "no,kind,street,lat,lon,how,room,hours,ramp\n";

mapped_list mapped(std::string const& rows) {
  auto const by = parse_mapping(kPlain, "plain");
  EXPECT_TRUE(by.ok()) << by.error().message;
  auto list = map_list(kHeader + rows, *by);
  EXPECT_TRUE(list.ok()) << list.error().message;
  return std::move(list).value();
}

std::vector<std::string> whys(mapped_list const& list) {
  std::vector<std::string> told;
  for (auto const& bad : list.rejects)
    told.push_back(std::to_string(bad.line) + " " + bad.id + " " + std::string{name_of(bad.because.why)});
  return told;
}

TEST(shelter_mapping, a_row_becomes_a_shelter) {
  auto const list = mapped("7,  cellar ,\"Long\n street\",50.5,30.5,gps,120,ever,yes\n");
  ASSERT_EQ(list.shelters.size(), 1U) << list.rejects.at(0).because.message;
  auto const& s = list.shelters[0];
  EXPECT_EQ(s.id.value, "x-7");
  EXPECT_EQ(s.type, shelter_type::basic);
  EXPECT_EQ(s.name_uk, "cellar, Long street") << "blanks and line ends within a text are one blank";
  EXPECT_EQ(s.name_en, s.name_uk) << "the only name there is";
  EXPECT_EQ(s.capacity, 120U);
  EXPECT_FALSE(s.capacity_assumed);
  EXPECT_TRUE(s.step_free);
  EXPECT_TRUE(s.open_hours && s.open_hours->always());
  EXPECT_EQ(s.entrances.size(), 1U);
  EXPECT_EQ(obstacle_of(s), std::nullopt);
  EXPECT_THAT(list.lines, ElementsAre(2U));
}

TEST(shelter_mapping, doubts_table) {
  struct row {
    char const* text;
    std::optional<obstacle> why;
  };
  row const rows[] = {{"1,cellar,A,50.5,30.5,gps,,ever,no", std::nullopt},
                      {"1,cellar,A,50.5,30.5,guess,9,ever,no", obstacle::place_doubtful},
                      {"1,cellar,A,50.5,30.5,map,9,ever,no", obstacle::place_doubtful},
                      {"1,cellar,A,50.5,30.5,gps,9,day,no", obstacle::hours_limited},
                      {"1,cellar,A,50.5,30.5,gps,9,,no", obstacle::state_unknown},
                      {"1,cellar,A,50.5,30.5,gps,9,-,no", obstacle::state_unknown},
                      {"1,cellar,A,50.5,30.5,gps,9,shut,no", obstacle::closed}};
  for (auto const& c : rows) {
    auto const list = mapped(std::string{c.text} + "\n");
    ASSERT_EQ(list.shelters.size(), 1U) << c.text << ": " << list.rejects.at(0).because.message;
    EXPECT_EQ(obstacle_of(list.shelters[0]), c.why) << c.text;
  }
  EXPECT_EQ(mapped("1,cellar,A,50.5,30.5,gps,,ever,no\n").shelters[0].capacity, 40U);
  EXPECT_TRUE(mapped("1,cellar,A,50.5,30.5,gps,,ever,no\n").shelters[0].capacity_assumed);
}

TEST(shelter_mapping, every_rejected_row_has_its_line_and_reason) {
  auto const list = mapped(
      "1,cellar,A,50.5,30.5,gps,1,ever,no\n"
      "1,cellar,A,50.5,30.5,gps,1,ever,no\n"
      "2,sign,A,50.5,30.5,gps,1,ever,no\n"
      "3,tent,A,50.5,30.5,gps,1,ever,no\n"
      "4,cellar,A,,30.5,gps,1,ever,no\n"
      "5,cellar,A,50.5,30.5,?,1,ever,no\n"
      "6,cellar,A,0,0,gps,1,ever,no\n"
      "7,cellar,A,52.5,30.5,gps,1,ever,no\n"
      "8,cellar,A,north,30.5,gps,1,ever,no\n"
      "9,cellar,A,50.5,30.5,gps,lots,ever,no\n"
      "10,cellar,A,50.5,30.5,gps,1,ever,maybe\n"
      "11,cellar,A,50.5,30.5,gps,1,weekdays,no\n"
      "12,cellar,A,50.5\n"
      "13,garage,\"A,50.5,30.5,gps,1,ever,no\n"
      "a b,garage,A,50.5,30.5,gps,1,ever,no\n");
  EXPECT_THAT(whys(list), ElementsAre("3 x-1 DUPLICATE", "4 x-2 DUPLICATE", "5 x-3 MALFORMED", "6 x-4 MISSING_FIELD",
                                      "7 x-5 MISSING_FIELD", "8 x-6 MISSING_FIELD", "9 x-7 OUTSIDE_THEATRE",
                                      "10 x-8 MALFORMED", "11 x-9 MALFORMED", "12 x-10 MALFORMED", "13 x-11 MALFORMED",
                                      "14  MALFORMED", "15  MALFORMED", "16 x-a b MALFORMED"));
  EXPECT_EQ(list.rows, 15U);
  EXPECT_EQ(list.rows, list.shelters.size() + list.rejects.size());
}

TEST(shelter_mapping, another_list_is_refused_as_a_whole) {
  auto const by = parse_mapping(kPlain, "plain");
  ASSERT_TRUE(by.ok());
  auto const list = map_list("no,kind,lat,lon,how,room,hours,ramp\n", *by);
  ASSERT_FALSE(list.ok());
  EXPECT_EQ(list.error().why, reason::schema_mismatch);
  EXPECT_THAT(list.error().message, HasSubstr("street"));
}

TEST(shelter_mapping, a_bad_mapping_is_refused_with_its_line) {
  struct row {
    char const* yaml;
    char const* told;
  };
  row const rows[] = {{"format: csv\nfields: [", "line "},
                      {"format: xml", "csv, geojson or json"},
                      {"format: csv\nboxes: {}", "line 2: unknown key \"boxes\""},
                      {"format: csv", "box missing"},
                      {"format: csv\nbox: {south: 1, west: 2, north: 0, east: 3}", "not a box"},
                      {"format: csv\nbox: {south: 1, west: 2, north: 3}", "east missing"},
                      {"format: csv\nbox: {south: 1, west: 2, north: 3, east: 4}\nfields: {ID: x}", "\"ID\""},
                      {"format: csv\nbox: {south: 1, west: 2, north: 3, east: 4}\nfields: {id: x}", "type missing"},
                      {"- a", "not a map"},
                      {"", "not a map"}};
  for (auto const& c : rows) {
    auto const made = parse_mapping(c.yaml, "bad");
    ASSERT_FALSE(made.ok()) << c.yaml;
    EXPECT_THAT(made.error().message, HasSubstr(c.told)) << c.yaml;
  }
  EXPECT_EQ(read_mapping("nowhere", kFolder).error().why, reason::file_unreadable);
}

TEST(shelter_mapping, geojson_and_grouped_json) {
  auto const geojson = read_mapping("geojson", kFolder);
  ASSERT_TRUE(geojson.ok()) << geojson.error().message;
  auto const points = map_list(R"({"type":"FeatureCollection","features":[
    {"type":"Feature","geometry":{"type":"Point","coordinates":[30.5,50.5]},
     "properties":{"id":"a","name_en":"A","capacity":12,"state":"open","water":true,"depth_m":4.5,"access":"school"}},
    {"type":"Feature","geometry":null,"properties":{"id":"b","name_en":"B"}}, 7]})",
                               *geojson);
  ASSERT_TRUE(points.ok()) << points.error().message;
  ASSERT_EQ(points->shelters.size(), 1U);
  EXPECT_EQ(points->shelters[0].place, (lat_lon{degrees{50.5}, degrees{30.5}}));
  EXPECT_EQ(points->shelters[0].water, std::optional{true});
  EXPECT_EQ(points->shelters[0].access, access_rule::school);
  EXPECT_EQ(points->shelters[0].depth, std::optional{meters{4.5}});
  EXPECT_THAT(whys(*points), ElementsAre("2 b MISSING_FIELD", "3  MALFORMED"));
  auto const romania = read_mapping("romania", kFolder);
  ASSERT_TRUE(romania.ok()) << romania.error().message;
  auto const items = map_list(R"([{"id":"B","items":[{"id":5,"town":"Sector 1","address":"Str. X 1","lat":44.4,
    "lon":26.1,"capacity":80,"status":"orange"},{"id":6,"address":"Y","lat":0,"lon":0,"capacity":1,"status":"red"}]}])",
                              *romania);
  ASSERT_TRUE(items.ok()) << items.error().message;
  ASSERT_EQ(items->shelters.size(), 1U);
  EXPECT_EQ(items->shelters[0].id.value, "ro-B-5");
  EXPECT_EQ(items->shelters[0].state, open_state::open);
  EXPECT_THAT(whys(*items), ElementsAre("2 ro-B-6 MISSING_FIELD"));
}

TEST(shelter_mapping, the_shipped_ones_can_be_read) {
  for (auto const& file : std::filesystem::directory_iterator{kFolder}) {
    if (file.path().extension() != ".yaml") continue;
    auto const made = read_mapping(file.path().string(), kFolder);
    EXPECT_TRUE(made.ok()) << made.error().message;
  }
}

std::string shared_list(char const* name) {
  std::ifstream in{std::string{SIREN_SOURCE_DIR "/../shared/data/shelters/"} + name};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(shelter_mapping, the_citys_own_list) {
  auto const text = shared_list("kyiv_shelters.csv");
  if (text.empty()) GTEST_SKIP() << "no ../shared/data";
  auto const by = read_mapping("kyiv", kFolder);
  ASSERT_TRUE(by.ok()) << by.error().message;
  auto const list = map_list(text, *by);
  ASSERT_TRUE(list.ok()) << list.error().message;
  EXPECT_EQ(list->rows, 4'382U);
  EXPECT_EQ(list->shelters.size() + list->rejects.size(), list->rows);
  std::map<std::string, std::size_t> unknown;
  for (auto const& bad : list->rejects)
    if (bad.because.why != reason::missing_field && bad.because.why != reason::duplicate)
      ++unknown[bad.because.message];
  EXPECT_LE(unknown.size(), 1U) << "a text that the mapping should know: " << unknown.begin()->first;
}

TEST(shelter_mapping, the_romanian_list) {
  auto const text = shared_list("romania_shelters_adaposturi.json");
  if (text.empty()) GTEST_SKIP() << "no ../shared/data";
  auto const by = read_mapping("romania", kFolder);
  ASSERT_TRUE(by.ok()) << by.error().message;
  auto const list = map_list(text, *by);
  ASSERT_TRUE(list.ok()) << list.error().message;
  EXPECT_EQ(list->rows, 5'769U);
  EXPECT_GE(list->shelters.size(), 5'700U);
}

}  // namespace
}  // namespace siren
