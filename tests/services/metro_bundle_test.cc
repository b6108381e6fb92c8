// The metro of a city bundle: Kyiv's own, as it is in an alarm, and what happens to facts that are wrong.
#include <gmock/gmock.h>

#include <random>
#include <set>

#include "bundle_folder.h"
#include "bundle_writer.h"
#include "common/city_bundle/bundle_files.h"
#include "core/shelter/registry.h"
#include "damaged_text.h"
#include "romania_shelters.h"

namespace siren {
namespace {

using test::temporary_folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr lat_lon_box kAnywhere{{degrees{-90}, degrees{-180}}, {degrees{90}, degrees{180}}};
constexpr metro_conditions kAlarm{.alarm = true, .power = true, .trains = true};

metro_list read(std::filesystem::path const& file, std::vector<bundle_reject>& rejects) {
  auto list = read_metro(file, {}, kAnywhere, rejects);
  EXPECT_TRUE(list.ok());
  return list ? std::move(*list) : metro_list{};
}

class kyiv_metro : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<bundle_reject> rejects;
    metro = read(std::filesystem::path{SIREN_SOURCE_DIR} / "deploy/city/kyiv/metro.json", rejects);
    ASSERT_TRUE(rejects.empty()) << rejects[0].because.message;
  }
  shelter& station(std::string const& name_en) {
    for (auto& s : metro.stations)
      if (s.name_en == name_en) return s;
    ADD_FAILURE() << "no station " << name_en;
    return metro.stations.front();
  }
  std::string name_of_stop(metro_line const& line, std::uint32_t at) const {
    for (auto const& s : metro.stations)
      if (s.id == line.stops[at].station) return s.name_en;
    return "?";
  }
  /// "M1 Akademmistechko - Arsenalna", a line each.
  std::string sections(metro_conditions const& now) const {
    std::string text;
    for (auto const& s : run_metro(metro.network, metro.stations, now).running) {
      auto const& line = metro.network.lines[s.line];
      text += line.id.value + ' ' + name_of_stop(line, s.first) + " - " + name_of_stop(line, s.last) + '\n';
    }
    return text;
  }
  /// Stations by role, in the order of the list: "closed: Dnipro, ..."
  std::string with_role(metro_role role, metro_conditions const& now) const {
    auto const state = run_metro(metro.network, metro.stations, now);
    std::string text;
    for (auto const& s : metro.stations)
      if (state.roles.at(s.id) == role) text += (text.empty() ? "" : ", ") + s.name_en;
    return text;
  }
  std::size_t count(metro_role role, metro_conditions const& now) const {
    auto const state = run_metro(metro.network, metro.stations, now);
    return static_cast<std::size_t>(
        std::count_if(state.roles.begin(), state.roles.end(), [&](auto const& r) { return r.second == role; }));
  }
  metro_list metro;
};

// The rule as the city publishes it; a train promised on a bridge would leave people on the wrong bank.
TEST_F(kyiv_metro, runs_in_an_alarm_where_the_city_says) {
  EXPECT_EQ(sections(kAlarm),
            "M1 Akademmistechko - Arsenalna\n"
            "M2 Heroiv Dnipra - Teremky\n"
            "M3 Syrets - Vydubychi\n"
            "M3 Osokorky - Chervonyi Khutir\n");
  EXPECT_EQ(with_role(metro_role::closed, kAlarm), "Dnipro, Hidropark, Livoberezhna, Darnytsia, Chernihivska, Lisova");
  EXPECT_EQ(with_role(metro_role::shelter_only, kAlarm), "Slavutych");
  EXPECT_EQ(count(metro_role::train, kAlarm), 45U);
}

TEST_F(kyiv_metro, stands_still_without_power_and_shelters_on) {
  metro_conditions const dark{.alarm = true, .power = false, .trains = true};
  EXPECT_EQ(sections(dark), "");
  EXPECT_EQ(count(metro_role::no_power, dark), 46U);
  EXPECT_EQ(count(metro_role::closed, dark), 6U);
}

TEST_F(kyiv_metro, only_shelters_at_night) {
  metro_conditions const night{.alarm = true, .power = true, .trains = false};
  EXPECT_EQ(count(metro_role::shelter_only, night), 46U);
  ASSERT_TRUE(metro.network.hours.has_value());
  EXPECT_FALSE(trains_run_at(*metro.network.hours, minutes{2 * 60}));
  EXPECT_TRUE(trains_run_at(*metro.network.hours, minutes{12 * 60}));
}

TEST_F(kyiv_metro, is_cut_where_an_operator_takes_a_station_out) {
  station("Arsenalna").role = metro_role::shelter_only;  // the red line is cut back when it is crowded
  station("Khreschatyk").role = metro_role::no_power;
  EXPECT_THAT(sections(kAlarm), HasSubstr("M1 Akademmistechko - Teatralna\nM2"));
}

TEST_F(kyiv_metro, no_ride_joins_the_banks) {
  auto const is_left = [&](shelter_id const& id) {
    for (auto const& s : metro.stations)
      if (s.id == id) return s.place.lon > degrees{30.59};
    return false;
  };
  auto const list = rides(metro.network, run_metro(metro.network, metro.stations, kAlarm));
  EXPECT_GT(list.size(), 300U);
  std::size_t left = 0;
  for (auto const& r : list) {
    EXPECT_EQ(is_left(r.board), is_left(r.alight)) << r.board.value << ' ' << r.alight.value;
    EXPECT_LE(r.stops, metro_policy{}.most_stops);
    EXPECT_GT(r.run, seconds{40}) << r.board.value << ' ' << r.alight.value;
    EXPECT_LT(r.run, r.stops * minutes{6}) << r.board.value << ' ' << r.alight.value;
    left += is_left(r.board) ? 1 : 0;
  }
  EXPECT_EQ(left, 30U) << "six stations from Osokorky to Chervonyi Khutir, each to each";
}

TEST_F(kyiv_metro, depths_are_told_where_they_are_known) {
  EXPECT_EQ(station("Arsenalna").depth, meters{105.5});
  EXPECT_EQ(station("Obolon").depth, bundle_policy{}.shallow_station);
  EXPECT_EQ(station("Zoloti Vorota").depth, bundle_policy{}.deep_station);
  EXPECT_FALSE(station("Dnipro").depth.has_value());
  EXPECT_GT(inside_seconds(station("Arsenalna"), metro_role::no_power),
            inside_seconds(station("Arsenalna"), metro_role::train));
}

constexpr char kTown[] = R"({"hours":{"first":"05:30","last":"00:15"},
 "lines":[{"id":"M1","name_uk":"Л","name_en":"L","headway_s":240,"stops":["a","b","c","d"],"runs_s":[90,100,110],
   "exposed":[["c","b"]],"alarm_runs":[["a","b"],["c","d"]]},
  {"id":"M2","name_uk":"Л2","name_en":"L2","stops":["b","e"]}],
 "stations":[
 {"id":"a","name_uk":"А","name_en":"A","line":"M1","order":1,"lat":50.50,"lon":30.5,"depth_m":12.5},
 {"id":"b","name_uk":"Б","name_en":"B","line":"M1","order":2,"lat":50.51,"lon":30.5},
 {"id":"c","name_uk":"В","name_en":"C","line":"M1","order":3,"lat":50.52,"lon":30.5,"depth_type":"shallow"},
 {"id":"d","name_uk":"Г","name_en":"D","line":"M1","order":4,"lat":50.53,"lon":30.5,"surface":true},
 {"id":"e","name_uk":"Д","name_en":"E","line":"M2","order":1,"lat":50.51,"lon":30.52}]})";

std::string replaced(std::string text, std::string const& what, std::string const& with) {
  auto const at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(metro_bundle, lines_are_read_as_they_are_told) {
  temporary_folder folder;
  folder.write("metro.json", kTown);
  std::vector<bundle_reject> rejects;
  auto const metro = read(folder.path() / "metro.json", rejects);
  EXPECT_TRUE(rejects.empty());
  ASSERT_EQ(metro.network.lines.size(), 2U);
  auto const& line = metro.network.lines[0];
  EXPECT_EQ(line.headway, seconds{240});
  EXPECT_THAT(line.stops, ElementsAre(metro_stop{shelter_id{"a"}, false, seconds{90}, false},
                                      metro_stop{shelter_id{"b"}, false, seconds{100}, true},
                                      metro_stop{shelter_id{"c"}, false, seconds{110}, false},
                                      metro_stop{shelter_id{"d"}, true, seconds{0}, false}));
  ASSERT_TRUE(line.alarm_runs.has_value());
  EXPECT_EQ(line.alarm_runs->size(), 2U);
  EXPECT_EQ(metro.network.lines[1].stops[0].station.value, "b") << "a station may stand on two lines";
  EXPECT_EQ(metro.network.lines[1].stops[0].run, seconds{142}) << "1.42 km at 10 m/s where no run is told";
  EXPECT_EQ(metro.network.hours, (metro_hours{minutes{330}, minutes{15}}));
  EXPECT_EQ(metro.stations[0].depth, meters{12.5});
  EXPECT_EQ(metro.stations[2].depth, bundle_policy{}.shallow_station);
}

TEST(metro_bundle, what_is_written_reads_the_same) {
  temporary_folder folder;
  folder.write("metro.json", kTown);
  std::vector<bundle_reject> rejects;
  auto const first = read(folder.path() / "metro.json", rejects);
  folder.write("metro.json", city::metro_json(first));
  auto const second = read(folder.path() / "metro.json", rejects);
  EXPECT_TRUE(rejects.empty());
  EXPECT_EQ(second.network, first.network);
  EXPECT_EQ(second.stations, first.stations);
}

struct wrong_case {
  char const* what;
  char const* with;
  reason why;
};

class wrong_trains : public ::testing::TestWithParam<wrong_case> {};

// A half-known rule would send people to a train that does not come; the stations themselves still shelter.
TEST_P(wrong_trains, cost_the_line_its_trains_and_no_station) {
  auto const& c = GetParam();
  temporary_folder folder;
  folder.write("metro.json", replaced(kTown, c.what, c.with));
  std::vector<bundle_reject> rejects;
  auto const metro = read(folder.path() / "metro.json", rejects);
  ASSERT_EQ(rejects.size(), 1U);
  EXPECT_EQ(rejects[0].row, 0U);
  EXPECT_EQ(rejects[0].because.why, c.why) << rejects[0].because.message;
  EXPECT_THAT(rejects[0].because.message, HasSubstr("no trains on line M1"));
  EXPECT_EQ(metro.stations.size(), 5U);
  for (auto const& section : run_metro(metro.network, metro.stations, kAlarm).running)
    EXPECT_EQ(section.line, 1U) << "the other line runs on";
}

INSTANTIATE_TEST_SUITE_P(
    table, wrong_trains,
    ::testing::Values(wrong_case{"\"headway_s\":240", "\"headway_s\":7201", reason::count_out_of_range},
                      wrong_case{"\"headway_s\":240", "\"headway_s\":\"4 min\"", reason::malformed},
                      wrong_case{"[90,100,110]", "[90,100]", reason::malformed},
                      wrong_case{"[90,100,110]", "[90,100,-1]", reason::count_out_of_range},
                      wrong_case{"[90,100,110]", "[90,100,3601]", reason::count_out_of_range},
                      wrong_case{"[[\"c\",\"b\"]]", "[[\"c\",\"a\"]]", reason::malformed},
                      wrong_case{"[[\"c\",\"b\"]]", "[[\"c\",\"x\"]]", reason::malformed},
                      wrong_case{"[[\"c\",\"b\"]]", "[\"c\"]", reason::malformed},
                      wrong_case{"[\"c\",\"d\"]", "[\"c\",\"e\"]", reason::malformed}),
    [](auto const& param_info) { return "case_" + std::to_string(param_info.index); });

TEST(metro_bundle, a_stop_that_is_no_station_leaves_a_gap) {
  temporary_folder folder;
  folder.write("metro.json", replaced(kTown, "{\"id\":\"b\"", "{\"id\":\"x\""));
  std::vector<bundle_reject> rejects;
  auto const metro = read(folder.path() / "metro.json", rejects);
  EXPECT_FALSE(rejects.empty());
  for (auto const& line : metro.network.lines)
    for (auto const& stop : line.stops) EXPECT_NE(stop.station.value, "b");
  EXPECT_TRUE(run_metro(metro.network, metro.stations, {false, true, true}).running.empty());
}

TEST(metro_bundle, damage_never_gives_a_network_that_does_not_hold) {
  std::mt19937_64 dice{20260124};
  temporary_folder folder;
  std::size_t good = 0;
  for (int round = 0; round < 500; ++round) {
    folder.write("metro.json", test::damaged_text(kTown, dice));
    std::vector<bundle_reject> rejects;
    auto const metro = read_metro(folder.path() / "metro.json", {}, kAnywhere, rejects);
    if (!metro) continue;
    ++good;
    std::set<shelter_id> known;
    for (auto const& s : metro->stations) known.insert(s.id);
    for (auto const& line : metro->network.lines) {
      for (auto const& stop : line.stops) ASSERT_TRUE(known.contains(stop.station));
      ASSERT_TRUE(line.stops.empty() || line.stops.back().run == seconds{0}) << "no track leads off the line";
    }
    for (auto const& r : rides(metro->network, run_metro(metro->network, metro->stations, kAlarm))) {
      ASSERT_NE(r.board, r.alight);
      ASSERT_GT(r.run, seconds{0});
    }
  }
  EXPECT_GT(good, 50U);
}

TEST(romanian_shelters, damage_never_gives_a_shelter_that_does_not_hold) {
  constexpr char kList[] = R"([{"id":"B","items":[
    {"id":1,"town":"Sector 1","address":"Str. A 1","lat":44.4,"lon":26.1,"capacity":80,"status":"green"},
    {"id":2,"town":"Sector 2","address":"Str. B 2","lat":44.5,"lon":26.2,"capacity":0,"status":"red"}]}])";
  std::mt19937_64 dice{20260125};
  std::size_t good = 0;
  for (int round = 0; round < 500; ++round) {
    auto const list = city::parse_romanian_shelters(test::damaged_text(kList, dice), kAnywhere);
    if (!list) continue;
    ++good;
    ASSERT_EQ(list->listed, list->shelters.size() + list->outside + list->rejects.size());
    for (auto const& s : list->shelters) ASSERT_TRUE(validate(s)) << s.address;
  }
  EXPECT_GT(good, 50U);
}

TEST(metro_bundle, hours_that_are_none_mean_no_rides) {
  for (auto const* const bad : {"5:30", "24:00", "05:60", "05-30", "", "0530h"}) {
    temporary_folder folder;
    folder.write("metro.json", replaced(kTown, "05:30", bad));
    std::vector<bundle_reject> rejects;
    EXPECT_FALSE(read(folder.path() / "metro.json", rejects).network.hours.has_value()) << bad;
    EXPECT_EQ(rejects.size(), 1U) << bad;
  }
}

}  // namespace
}  // namespace siren
